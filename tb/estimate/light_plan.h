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
  [[nodiscard]] std::size_t hash() const {
    return mixed({units, lanes, slice_packing ? 1U : 0U, decoder_lanes, decoders, accumulator_lanes, accumulators});
  }
};

/// Blocks of a convolution's kernels, one behind the other.
struct kernel_blocks {
  std::uint32_t lanes = 0; ///< that they were cut for
  bool slice_packing = true;
  std::vector<std::uint32_t> first;        ///< block of each kernel, and the end
  std::vector<std::uint32_t> lanes_before; ///< lanes of all blocks before each one, and the end
  std::vector<std::uint32_t> kernel;       ///< of each block
  std::vector<std::uint32_t> new_levels;   ///< of each block: how often the ring level changed up to it; or empty

  [[nodiscard]] std::size_t bytes() const {
    return (first.size() + lanes_before.size() + kernel.size() + new_levels.size()) * sizeof(std::uint32_t);
  }
};

/// How the units share a pass: equal shares but for the last.
struct pass_shares {
  std::uint64_t symbols = 0; ///< of each unit
  std::uint64_t last = 0;    ///< of the last one
  std::uint32_t units = 0;   ///< that get work
  std::uint32_t block = 1;   ///< symbols of a block
  /// Imprints of a unit, if the interval holds none: the most and the least of all but the last unit, and of that.
  std::uint32_t most_imprints = 0, least_imprints = 0, last_imprints = 0;

  [[nodiscard]] bool alike(const pass_shares& other) const {
    return units == other.units && symbols == other.symbols && last == other.last && block == other.block;
  }
};

/// What a unit of some kind does in a pass; nothing, if it has no symbols.
struct unit_work {
  std::uint64_t symbols = 0;
  std::uint32_t imprints = 0;
};

/// Calls @p visit with (unit, symbols into its first block at which its share begins, symbols, imprints).
template <class visitor>
void each_share(const pass_shares& of, const visitor& visit) {
  const std::uint64_t blocks = of.symbols / of.block;
  const std::uint64_t beyond = of.symbols % of.block;
  std::uint64_t into = 0;
  const auto met = [](std::uint64_t imprints) { return static_cast<std::uint32_t>(imprints); };
  for (std::uint32_t u = 0; u + 1 < of.units; ++u) {
    // As plan::blocks_met, without division.
    visit(u, into, of.symbols, met(blocks + (into + beyond > of.block ? 2U : into + beyond > 0 ? 1U : 0U)));
    into += beyond;
    into -= into >= of.block ? of.block : 0;
  }
  visit(of.units - 1, into, of.last, met((into + of.last - 1) / of.block + 1));
}

/// Of passes that are alike.
struct pass_kind {
  pass_shares shares;
  std::uint32_t first_work = 0; ///< of the first kind of unit
  std::uint32_t unit_kinds = 0; ///< those of one kind do the same in all passes of a layer
  plan::pass_size size;
  std::uint64_t accumulating = 0; ///< cycles of the busiest accumulator
};

struct planned_pass {
  std::uint32_t step = 0; ///< of the layer, in whose light it is
  std::uint32_t kind = 0;
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
  std::vector<planned_pass> passes; ///< in order
  std::vector<pass_kind> kinds;
  std::vector<unit_work> work; ///< of each kind of unit, if there are several passes
  light_counts counts;

  [[nodiscard]] std::size_t bytes() const {
    return passes.size() * sizeof(planned_pass) + kinds.size() * sizeof(pass_kind) + work.size() * sizeof(unit_work);
  }
};

/// Cuts kernels as the chip does (sparse::cut_kernel).
kernel_blocks blocks_of(const layer_profile& profile, std::uint32_t lanes, bool slice_packing);

/// @param blocks of convolutions, cut for this array
/// @param fresh_rings no broadband ring has had a level yet
light_plan light_plan_of(const layer_profile& profile, const planned_layer& layer, const plan::tile_limits& tiles,
                         const array_shape& array, const kernel_blocks* blocks, bool fresh_rings);

} // namespace sonic::estimate
