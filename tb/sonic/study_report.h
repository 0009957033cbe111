// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/job_file.h"
#include "tb/explore/result_store.h"

#include <optional>
#include <string>
#include <vector>

namespace sonic::command {

/// One design under one timing, simulated on every network.
struct simulated_design {
  explore::metric_values values{};
  double largest_time_gap = 0, largest_energy_gap = 0; ///< of the networks: estimate over simulation, less 1, unsigned
};

struct design_line {
  explore::job_design design;
  std::vector<std::optional<simulated_design>> by_timing; ///< none: not simulated yet, or refused
  std::optional<double> accuracy_loss; ///< percentage points below the base, of the network that loses most
  bool too_inaccurate = false;
  std::string refused; ///< the first sentence of those who refused it
  std::string wrong;
};

/// What a study found.
struct study_report {
  explore::job_file jobs;
  std::vector<design_line> lines; ///< the base first, then by worth under the first timing; what has no result last
  std::size_t finished = 0;       ///< tasks with a result
  std::uint64_t executions = 0;   ///< of tasks
  bool right = true;              ///< no result differs from the reference's
};

study_report report_of(const explore::job_file& jobs, const explore::result_store& results);

std::string to_text(const study_report& r);
/// The JSON of docs/explore.schema.json.
std::string to_json(const study_report& r);
/// The first two objectives against each other: front, best and base. Empty if there is one objective alone.
std::string to_svg(const study_report& r);
/// Table and picture as a page of its own.
std::string to_html(const study_report& r);

} // namespace sonic::command
