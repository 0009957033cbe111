// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sonic::command {

/// The command line of `sonic explore`.
struct explore_options {
  std::string study;                  ///< file; empty: go on with the one in the folder
  std::string folder;                 ///< where everything about the study is kept
  std::vector<std::string> data;      ///< folders with test sets
  std::vector<std::string> inputs;    ///< NETWORK=FILE
  std::vector<std::string> overrides; ///< key=value, stronger than the study's own
  bool only_plan = false;             ///< search, and write the job file
  std::string tasks; ///< FIRST-LAST: only these tasks, for one worker of many; their results are not collected
  int jobs = 1;      ///< processes
};

/// Searches, unless the folder has a job file of the same study; runs what tasks have no result; collects the results
/// and prints the table.
/// @returns whether all results that the chip computed were right
/// @throws core::user_error
bool run_explore(const explore_options& options);

} // namespace sonic::command
