// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explore/metrics.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sonic::explore {

/// A design that is simulated.
struct job_design {
  std::uint64_t number = 0;           ///< in its space; of the base, the size of the space
  std::vector<std::string> overrides; ///< key=value beside those of the whole study; none: the base
  metric_values estimated{};
  bool front = false; ///< no other design that was judged is better in one objective and as good in all
};

/// A network, and what it runs on: what `sonic run` takes.
struct job_network {
  std::string name, model, dataset, data, labels;
  std::vector<std::string> inputs;
  std::uint64_t synthetic_seed = 0; ///< of synthetic images, if nothing else is given
  std::string frames_text;          ///< what the frames are, for reports
};

/// Everything that the tasks of a study need: written once, read by whoever works on it. A task is one network on one
/// design under one timing.
struct job_file {
  std::string title, architecture;
  std::string study; ///< the file it was made from, word for word
  std::vector<std::string> overrides;
  std::vector<std::string> timings;
  std::int64_t frames = 1;
  double largest_accuracy_loss = -1.0; ///< in percentage points below the base; below 0: any
  std::vector<job_network> networks;
  std::vector<metric> objectives;
  std::vector<bool> largest;       ///< for each objective, else the smallest is sought
  std::vector<job_design> designs; ///< the base first
  std::string search;              ///< how they were found, a sentence
  std::uint64_t evaluations = 0;
  double search_seconds = 0; ///< of one core of the host

  [[nodiscard]] std::size_t tasks() const { return designs.size() * networks.size() * timings.size(); }
  struct task {
    std::size_t design = 0, network = 0, timing = 0;
  };
  [[nodiscard]] task task_of(std::size_t index) const;
};

/// Writes to a temporary file beside and renames. @throws core::user_error if it cannot be written
void write_job_file(const std::filesystem::path& path, const job_file& jobs);
/// @throws core::user_error if it is not there or is no job file
job_file read_job_file(const std::filesystem::path& path);

} // namespace sonic::explore
