// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/estimate/light_plan.h"
#include "tb/estimate/post_cycles.h"
#include "tb/estimate/transfer_times.h"

#include <array>
#include <span>
#include <vector>

namespace sonic::estimate {

/// A buffer on the chip.
struct buffer_times {
  double latency_ps = 0;
  double ns_per_byte = 0; ///< with all banks busy
};

/// Times of a chip, in ps; products with a rate are rounded once, as the chip does.
struct chip_times {
  struct array {
    double interval_ps = 0, retune_ps = 0, pipeline_ps = 0;
    plan::array_needs needs;
    /// Of the buffers of the streaming operand, the stationary one, and the partial sums, as its requesters meet there.
    std::array<double, 3> stream_ns_per_byte{};
  };
  array conv, fc;
  double global_latency_ps = 0;
  buffer_times weights, activations, sums;
  double ns_per_cycle = 0;
  double ns_per_element = 0; ///< of the post-processor, unless its cycles are counted
};

/// All that a layer's time follows from.
struct layer_parts {
  const planned_layer* plan = nullptr;
  const transfer_times* transfers = nullptr;
  std::span<const planned_pass> passes;          ///< of light, in order
  std::span<const pass_kind> kinds;              ///< of passes
  std::span<const unit_work> work;               ///< of kinds of units, as the passes count them
  const std::vector<post_count>* post = nullptr; ///< null: cycles are not counted
};

/// Room that walking reuses.
struct walk_room {
  std::vector<double> unit_free_ps; ///< by kind of unit
};

/// From the fetch of a layer's descriptor to its last store, loosely timed, in ps: chip::loose_sequencer's recurrence.
double walk(const layer_parts& layer, const chip_times& times, walk_room& room);

} // namespace sonic::estimate
