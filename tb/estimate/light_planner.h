// SPDX-License-Identifier: Apache-2.0
// What convolutions and fully connected layers have in common.
#pragma once

#include "sonic/digital/accumulators.h"
#include "sonic/plan/times.h"
#include "sonic/sparse/row_decoder.h"
#include "tb/estimate/light_plan.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sonic::estimate {

/// Blocks that a partial sum may have.
inline constexpr std::uint64_t most_blocks_per_sum = 65535;

/// Cycles of a decoder for a row of a panel.
class row_cycles {
public:
  row_cycles(const layer_profile& of, const planned_layer& layer, std::uint32_t lanes)
      : weights_(of.weights), layout_(layer.weight_format), lanes_(lanes) {}

  std::uint32_t operator()(const regs::panel& panel, std::uint32_t row) {
    sparse::packed_row packed;
    packed.layout = layout_;
    packed.wide = panel.columns > 65536;
    packed.columns = panel.columns;
    packed.nonzeros =
        static_cast<std::uint32_t>(weights_.count(panel.first_row + row, panel.first_column, panel.columns));
    if (layout_ == sparse::format::bitmask) {
      mask_.assign((panel.columns + 7) / 8, 0);
      for (std::uint32_t c = 0; c < panel.columns; ++c) {
        if (weights_(panel.first_row + row, panel.first_column + c)) {
          mask_[c / 8] = static_cast<std::uint8_t>(mask_[c / 8] | 1U << (c % 8));
        }
      }
      packed.index = mask_;
    }
    return sparse::decoder_cycles(packed, lanes_);
  }

private:
  const bit_matrix& weights_;
  sparse::format layout_;
  std::uint32_t lanes_;
  std::vector<std::uint8_t> mask_;
};

inline pass_shares shares_of(std::uint64_t blocks, std::uint32_t symbols, std::uint32_t units) {
  pass_shares found;
  const std::uint64_t total = blocks * symbols;
  found.symbols = plan::share_of(total, units);
  found.units = static_cast<std::uint32_t>((total + found.symbols - 1) / found.symbols);
  found.last = total - (found.units - 1) * found.symbols;
  found.block = symbols;
  return found;
}

/// Imprints of the units, and of the rings of blocks that are cut between two of them.
/// @param lanes_of lanes of a block
template <class block_lanes>
void count_imprints(pass_shares& of, light_counts& counts, const block_lanes& lanes_of) {
  of.least_imprints = ~std::uint32_t{0};
  std::uint64_t first = 0; // block of the share
  each_share(of, [&](std::uint32_t unit, std::uint64_t into, std::uint64_t /*symbols*/, std::uint32_t imprints) {
    counts.retunes += imprints;
    counts.imprinted_rings += into > 0 ? lanes_of(first) : 0; // beside the unit before
    // The share's last block goes on in the next unit, unless it ends with the share.
    first += imprints - 1 + ((into + of.symbols) % of.block == 0 ? 1 : 0);
    if (unit + 1 == of.units) {
      of.last_imprints = imprints;
    } else {
      of.most_imprints = std::max(of.most_imprints, imprints);
      of.least_imprints = std::min(of.least_imprints, imprints);
    }
  });
}

/// The accumulators' work of a pass, as work_dispatch hands out the pieces of blocks.
class accumulation {
public:
  explicit accumulation(const array_shape& array) : units_(array.units) {
    if (array.accumulators > 0) {
      adders_ = digital::accumulators({array.accumulator_lanes, array.accumulators, nullptr});
    }
  }
  [[nodiscard]] bool timed() const { return adders_.timed(); }
  void clear(std::uint64_t first, std::uint64_t sums) { adders_.clear(first, sums); }
  void read(std::uint64_t first, std::uint64_t sums) {
    // Without a twin nothing is written.
    adders_.read(first, {static_cast<std::int32_t*>(nullptr), static_cast<std::size_t>(sums)});
  }
  void begin(std::uint64_t blocks, std::uint64_t symbols) {
    symbols_ = symbols;
    quota_ = room_ = plan::share_of(blocks * symbols, units_);
  }
  /// Blocks that add to the same sums.
  void add(std::uint64_t first, std::uint64_t blocks) {
    std::uint64_t done = 0; // of the first of the rest
    while (blocks > 0) {
      const std::uint64_t whole = done > 0 ? 0 : std::min(room_ / symbols_, blocks);
      if (whole > 0) {
        adders_.count_added(first, symbols_, whole);
        blocks -= whole;
        took(whole * symbols_);
        continue;
      }
      const std::uint64_t end = std::min(done + room_, symbols_);
      adders_.count_added(first + done, end - done, 1);
      took(end - done);
      done = end == symbols_ ? 0 : end;
      blocks -= done == 0 ? 1 : 0;
    }
  }
  digital::accumulators::cycles take() { return adders_.take_cycles(); }

private:
  void took(std::uint64_t symbols) {
    room_ -= symbols;
    room_ = room_ == 0 ? quota_ : room_;
  }

  digital::accumulators adders_;
  std::uint64_t units_, symbols_ = 1, quota_ = 0, room_ = 0;
};

/// What goes into planning one layer.
struct light_planner {
  const layer_profile& profile;
  const planned_layer& layer;
  const plan::tile_limits& tiles;
  const array_shape& array;

  [[nodiscard]] std::uint64_t first_sum(const planned_step& s) const {
    return s.half * tiles.partial_sums / sizeof(std::int32_t);
  }
  void count(light_counts& counts, const plan::pass_size& size) const {
    counts.blocks += size.blocks;
    counts.symbols += size.blocks * size.symbols;
    counts.lane_symbols += size.lanes * size.symbols;
    counts.imprinted_rings += size.lanes;
    counts.steps += plan::share_of(size.blocks * size.symbols, array.units);
  }
};

light_plan plan_convolution(const light_planner& of, const kernel_blocks& blocks, bool fresh_rings);
light_plan plan_connected(const light_planner& of);

} // namespace sonic::estimate
