// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/sonic/run_options.h"
#include "tb/workload/graph.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sonic::command {

/// The network bound to a batch, and its inputs cut into runs.
struct frame_set {
  workload::graph network;
  std::vector<workload::tensor> inputs; ///< one per graph input, all runs behind one another along axis 0
  std::int64_t runs = 0;
  std::int64_t frames_per_run = 1;
  std::vector<std::int64_t> labels; ///< one per frame, or empty

  /// Inputs of one run.
  [[nodiscard]] std::vector<workload::tensor> run_inputs(std::int64_t run) const;
};

/// Imports the network, loads its inputs and fits one to the other: an open batch axis is bound to 1 and the frames run
/// one after the other where the network keeps them apart, else it is bound to their number.
/// @throws core::user_error for a damaged file or inputs that do not fit
frame_set load_frames(const run_options& options);

/// Loads calibration inputs for the same network, cut into runs.
std::vector<std::vector<workload::tensor>> load_calibration(const run_options& options, const frame_set& frames);

} // namespace sonic::command
