// SPDX-License-Identifier: Apache-2.0
// What `sonic compare` is asked to do, as its file says: docs/compare.md has the keys.
#pragma once

#include "sonic/config/config_map.h"
#include "tb/report/comparison.h"
#include "tb/sonic/network_list.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sonic::command {

/// An accelerator: a configuration of our chip, or an electronic baseline.
struct accelerator_entry {
  std::string name;
  std::filesystem::path file;
  bool electronic = false;
};

/// A ratio that somebody published.
struct published_ratio {
  std::size_t accelerator = 0;
  report::ratio_kind kind = report::ratio_kind::fps_per_watt;
  config::sourced_number value;
  std::string hangs_on; ///< the assumption that decides it, in words
};

/// An absolute figure from elsewhere, to stand beside ours.
struct absolute_figure {
  std::string name;
  std::size_t accelerator = 0;
  report::absolute_measure measure = report::absolute_measure::fps_per_watt;
  config::sourced_number value;
  std::string about;
};

/// One way to decide an assumption.
struct assumption_choice {
  std::string name, about;
  std::map<std::string, std::vector<std::string>> overrides; ///< key=value, by accelerator
  std::map<std::string, std::filesystem::path> files;        ///< that describe accelerators instead of their own
  std::optional<report::bit_kind> bits;
  std::optional<report::average_kind> average;
  std::optional<double> activation_zeros; ///< share of activations, instead of the measured one
};

struct assumption {
  std::string name, about;
  std::vector<assumption_choice> choices; ///< the first one is the default
};

struct comparison_plan {
  std::string name;
  std::vector<network_entry> networks;
  std::vector<accelerator_entry> accelerators;
  std::size_t reference = 0;              ///< that the others are compared with
  std::vector<published_ratio> published; ///< in the order of the accelerators
  std::vector<absolute_figure> absolute;
  std::vector<assumption> assumptions;
};

/// @throws core::user_error where the file is wrong, or names what is not there
comparison_plan read_plan(const std::filesystem::path& file);

} // namespace sonic::command
