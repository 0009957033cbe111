// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/activity.h"
#include "tb/report/run_report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::command {

/// One descriptor of one run.
struct layer_outcome {
  double time_ns = 0.0;
  double light_ns = 0.0;
  core::activity done;
  report::layer_check check;
  std::uint64_t inputs = 0;      ///< elements of its input tensor
  std::uint64_t zero_inputs = 0; ///< of these, zeros
};

/// The class with the highest score.
struct answer {
  std::uint64_t chip = 0;
  std::uint64_t reference = 0; ///< of the float network
};

/// What one run of the network found: the same whichever process made it, and whatever that ran before.
struct run_outcome {
  double latency_ns = 0.0;
  unsigned int recalibrations = 0;
  double host_seconds = 0.0; ///< of simulation, without comparing
  std::vector<layer_outcome> layers;
  std::vector<answer> answers;             ///< one per frame, if labels are given
  std::vector<std::vector<float>> outputs; ///< one per network output, if they are wanted
  std::string frame;                       ///< report::frame_view_json of the first run, if it is wanted
};

/// As bytes (CBOR), to go from one process to another.
std::vector<std::uint8_t> encode(const run_outcome& outcome);
run_outcome decode_outcome(const std::vector<std::uint8_t>& bytes);

} // namespace sonic::command
