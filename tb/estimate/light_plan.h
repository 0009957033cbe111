// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/plan/operand_needs.h"
#include "tb/estimate/chip_plan.h"

#include <cstdint>
#include <vector>

namespace sonic::estimate {

/// What of an array, its decoders and its accumulators the sharing of work depends on.
struct array_shape {
  std::uint32_t units = 1, lanes = 1;
  bool slice_packing = true; ///< CONV
  std::uint32_t decoder_lanes = 1, decoders = 0;
  std::uint32_t accumulator_lanes = 1, accumulators = 0;

  bool operator==(const array_shape&) const = default;
};

/// Blocks of a convolution's kernels, one behind the other.
struct kernel_blocks {
  std::uint32_t lanes = 0; ///< that they were cut for
  bool slice_packing = true;
  std::vector<std::uint32_t> first;        ///< block of each kernel, and the end
  std::vector<std::uint32_t> lanes_before; ///< lanes of all blocks before each one, and the end
  std::vector<std::uint32_t> kernel;       ///< of each block
  std::vector<std::uint32_t> new_levels;   ///< of each block: how often the ring level changed up to it; or empty
};

/// How the units share a pass: equal shares but for the last, and how often each unit is imprinted.
struct pass_shares {
  std::uint32_t units = 0;      ///< that get work
  double symbols = 0, last = 0; ///< of each, and of the last one
  std::vector<double> retunes;  ///< of each unit, if the interval holds no imprint
  double most = 0, least = 0;   ///< retunes of all but the last
};

struct planned_pass {
  std::uint32_t shares = 0; ///< which of them
  plan::pass_size size;
  std::uint64_t accumulating = 0; ///< cycles of the busiest accumulator
};

/// Counted over a layer.
struct light_counts {
  std::uint64_t blocks = 0, symbols = 0, steps = 0;
  std::uint64_t retunes = 0, imprinted_rings = 0; ///< if the interval holds no imprint
  std::uint64_t ring_retunes = 0;
  std::uint64_t lane_symbols = 0, zeros = 0;
  std::uint64_t deleted = 0, decoder_cycles = 0, accumulator_cycles = 0;
};

/// The passes of a layer with light.
struct light_plan {
  bool fits = true;
  std::vector<std::uint32_t> first_pass; ///< of each step, and the end
  std::vector<planned_pass> passes;
  std::vector<pass_shares> shares;
  light_counts counts;
};

/// Cuts kernels as the chip does (sparse::cut_kernel).
kernel_blocks blocks_of(const layer_profile& profile, std::uint32_t lanes, bool slice_packing);

/// @param blocks of convolutions, cut for this array
/// @param fresh_rings no broadband ring has had a level yet
light_plan light_plan_of(const layer_profile& profile, const planned_layer& layer, const plan::tile_limits& tiles,
                         const array_shape& array, const kernel_blocks* blocks, bool fresh_rings);

} // namespace sonic::estimate
