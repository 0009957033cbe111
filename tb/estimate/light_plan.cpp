// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/light_plan.h"

#include "sonic/sparse/compression.h"
#include "tb/estimate/light_planner.h"

#include <algorithm>
#include <bit>

namespace sonic::estimate {

namespace {

/// Columns that are set in a row of bits.
void columns_of(const bit_matrix& bits, std::size_t row, std::vector<std::uint32_t>& into) {
  into.clear();
  const std::uint64_t* words = bits.row(row);
  for (std::size_t w = 0; w * 64 < bits.columns(); ++w) {
    for (std::uint64_t word = words[w]; word != 0; word &= word - 1) {
      into.push_back(static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(word))));
    }
  }
}

/// Finds kinds of units. Few, since in a pass there are only two numbers of imprints, and a last unit.
void sort_units(light_plan& of, std::uint32_t units) {
  if (of.passes.size() < 2) {
    return; // all units begin together
  }
  std::vector<std::uint32_t> kind_of(units, 0);
  std::uint32_t kinds = 1;
  for (const auto& pass : of.kinds) {
    // Kind and what it does in this pass: the fewer imprints, the more, the last share, nothing.
    constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::uint32_t> split(std::size_t{kinds} * 4, none);
    kinds = 0;
    const auto refine = [&](std::uint32_t unit, std::uint32_t does) {
      auto& refined = split[std::size_t{kind_of[unit]} * 4 + does];
      refined = refined == none ? kinds++ : refined;
      kind_of[unit] = refined;
    };
    each_share(pass.shares, [&](std::uint32_t u, std::uint64_t, std::uint64_t, std::uint32_t imprints) {
      refine(u, u + 1 == pass.shares.units ? 2 : imprints == pass.shares.least_imprints ? 0 : 1);
    });
    for (std::uint32_t u = pass.shares.units; u < units; ++u) {
      refine(u, 3);
    }
  }
  of.work.resize(of.kinds.size() * kinds);
  for (std::size_t i = 0; i < of.kinds.size(); ++i) {
    of.kinds[i].first_work = static_cast<std::uint32_t>(i * kinds);
    of.kinds[i].unit_kinds = kinds;
    each_share(of.kinds[i].shares, [&](std::uint32_t u, std::uint64_t, std::uint64_t symbols, std::uint32_t imprints) {
      of.work[i * kinds + kind_of[u]] = {symbols, imprints};
    });
  }
}

} // namespace

kernel_blocks blocks_of(const layer_profile& profile, std::uint32_t lanes, bool slice_packing) {
  kernel_blocks found;
  found.lanes = lanes;
  found.slice_packing = slice_packing;
  const auto& d = profile.descriptor;
  const std::uint32_t slice =
      slice_packing ? d.kernel_height * d.kernel_width : static_cast<std::uint32_t>(profile.weights.columns());
  std::vector<std::uint32_t> columns;
  std::uint32_t held = 0;
  found.lanes_before.push_back(0);
  for (std::size_t k = 0; k < d.out_channels; ++k) {
    found.first.push_back(static_cast<std::uint32_t>(found.kernel.size()));
    columns_of(profile.weights, k, columns);
    sparse::cut_kernel(columns, lanes, slice, held, found.lanes_before);
    held += static_cast<std::uint32_t>(columns.size());
    found.kernel.resize(found.lanes_before.size() - 1, static_cast<std::uint32_t>(k));
  }
  found.first.push_back(static_cast<std::uint32_t>(found.kernel.size()));
  const auto& levels = profile.ring_levels;
  if (std::any_of(levels.begin(), levels.end(), [](std::uint32_t level) { return level != 0; })) {
    std::uint32_t changes = 0;
    for (std::size_t b = 0; b < found.kernel.size(); ++b) {
      changes += b > 0 && levels[found.kernel[b]] != levels[found.kernel[b - 1]] ? 1U : 0U;
      found.new_levels.push_back(changes);
    }
  }
  return found;
}

light_plan light_plan_of(const layer_profile& profile, const planned_layer& layer, const plan::tile_limits& tiles,
                         const array_shape& array, const kernel_blocks* blocks, bool fresh_rings) {
  const light_planner of{profile, layer, tiles, array};
  auto found = blocks != nullptr ? plan_convolution(of, *blocks, fresh_rings) : plan_connected(of);
  sort_units(found, array.units);
  return found;
}

} // namespace sonic::estimate
