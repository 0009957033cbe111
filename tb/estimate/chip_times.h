// SPDX-License-Identifier: Apache-2.0
// What of a configuration the parts of an estimate depend on.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/plan/operand_needs.h"
#include "tb/estimate/chip_plan.h"
#include "tb/estimate/light_plan.h"
#include "tb/estimate/transfer_times.h"

#include <array>

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

capacities capacities_of(const config::architecture& a);
/// Ports that are never slower than the memory are all alike.
memory_path path_of(const config::architecture& a);
array_shape shape_of(const config::architecture& a, config::array_kind kind);
chip_times times_of(const config::architecture& a);

} // namespace sonic::estimate
