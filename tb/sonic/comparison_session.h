// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report/comparison.h"
#include "tb/sonic/network_list.h"

#include <string>

namespace sonic::command {

/// The command line of `sonic compare`.
struct comparison_options {
  std::string file;
  frame_source frames;
  int jobs = 1;             ///< simulations at once
  bool sensitivity = false; ///< each choice alone, and all combinations
};

/// Simulates networks on accelerators and compares what they cost.
/// @throws core::user_error as `sonic run`, and for what is wrong in the file
report::comparison_report run_comparison(const comparison_options& options);

} // namespace sonic::command
