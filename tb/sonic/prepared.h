// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"
#include "tb/sonic/frames.h"
#include "tb/sonic/run_options.h"
#include "tb/workload/compile.h"
#include "tb/workload/lower.h"

namespace sonic::command {

/// Everything that the runs of a command share: read-only once made, so that processes may share it.
struct prepared {
  /// Loads the configuration, the network and its inputs, compiles the network and lays it out in memory.
  /// @throws core::user_error
  explicit prepared(const run_options& given);

  run_options options;
  config::architecture chip;
  frame_set frames;
  workload::numerics how;
  workload::program program;
  workload::memory_image image;
  std::int64_t compared_runs; ///< the first ones of frames.runs, compared layer by layer

  /// The step of a descriptor.
  [[nodiscard]] const workload::step& step_of(std::size_t descriptor) const;
};

} // namespace sonic::command
