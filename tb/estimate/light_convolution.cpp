// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/dealt_rows.h"
#include "tb/estimate/light_planner.h"

namespace sonic::estimate {

namespace {

/// How often the units' broadband rings get new levels.
class ring_levels {
public:
  ring_levels(const layer_profile& of, const kernel_blocks& blocks, std::uint32_t units, bool fresh)
      : levels_(of.ring_levels), blocks_(blocks) {
    constexpr std::uint32_t unknown = ~std::uint32_t{0};
    held_.assign(units, fresh ? 0 : unknown);
  }
  [[nodiscard]] bool any() const { return !blocks_.new_levels.empty(); }

  std::uint64_t changes(std::uint64_t first_block, const pass_shares& shares) {
    std::uint64_t changed = 0;
    std::uint64_t a = first_block;
    each_share(shares, [&](std::uint32_t unit, std::uint64_t into, std::uint64_t symbols, std::uint32_t imprints) {
      const std::uint64_t b = a + imprints - 1;
      changed += blocks_.new_levels[b] - blocks_.new_levels[a] + (level(a) != held_[unit] ? 1 : 0);
      held_[unit] = level(b);
      a = b + ((into + symbols) % shares.block == 0 ? 1 : 0);
    });
    return changed;
  }

private:
  [[nodiscard]] std::uint32_t level(std::uint64_t block) const { return levels_[blocks_.kernel[block]]; }

  const std::vector<std::uint32_t>& levels_;
  const kernel_blocks& blocks_;
  std::vector<std::uint32_t> held_; ///< by each unit
};

struct panel_decoding {
  std::uint64_t most = 0, sum = 0;
};

} // namespace

light_plan plan_convolution(const light_planner& of, const kernel_blocks& blocks, bool fresh_rings) {
  light_plan found;
  std::vector<panel_decoding> decoding;
  row_cycles cycles(of.profile, of.layer, of.array.decoder_lanes);
  for (const auto& panel : of.layer.panels) {
    plan::dealt_rows dealt(of.array.decoders);
    for (std::uint32_t r = 0; r < panel.rows && of.array.decoders > 0; ++r) {
      dealt.add(cycles(panel, r));
    }
    decoding.push_back({dealt.most(), dealt.sum()});
  }
  for (std::size_t k = 0; k + 1 < blocks.first.size(); ++k) {
    found.fits = found.fits && blocks.first[k + 1] - blocks.first[k] <= most_blocks_per_sum;
  }
  struct known_kind {
    std::uint32_t panel;
    light_counts counts;
  };
  std::vector<known_kind> known; // few: tiles are alike but for the last of a row, and the last row
  ring_levels rings(of.profile, blocks, of.array.units, fresh_rings);
  accumulation sums(of.array);
  const std::uint64_t columns = of.profile.weights.columns();
  for (std::size_t i = 0; i < of.layer.steps.size(); ++i) {
    const auto& s = of.layer.steps[i];
    const auto& panel = of.layer.panels[s.panel];
    const std::uint64_t first = blocks.first[panel.first_row];
    const std::uint64_t end = blocks.first[panel.first_row + panel.rows];
    pass_kind pass;
    pass.size = {end - first, blocks.lanes_before[end] - blocks.lanes_before[first], s.symbols, decoding[s.panel].most};
    found.counts.deleted += (std::uint64_t{panel.rows} * columns - pass.size.lanes) * s.symbols;
    found.counts.decoder_cycles += decoding[s.panel].sum;
    if (sums.timed()) {
      const std::uint64_t at = of.first_sum(s);
      sums.clear(at, std::uint64_t{panel.rows} * s.symbols);
      sums.begin(pass.size.blocks, s.symbols);
      for (std::uint32_t r = 0; r < panel.rows; ++r) {
        const std::uint32_t kernel = panel.first_row + r;
        sums.add(at + std::uint64_t{r} * s.symbols, blocks.first[kernel + 1] - blocks.first[kernel]);
      }
      sums.read(at, std::uint64_t{panel.rows} * s.symbols);
      const auto taken = sums.take();
      found.counts.accumulator_cycles += taken.sum;
      pass.accumulating = taken.most;
    }
    if (pass.size.blocks == 0) {
      continue; // every position was deleted
    }
    std::size_t kind = known.size();
    while (kind > 0 && (known[kind - 1].panel != s.panel || found.kinds[kind - 1].size.symbols != s.symbols ||
                        found.kinds[kind - 1].accumulating != pass.accumulating)) {
      --kind;
    }
    if (kind == 0) {
      known.push_back({s.panel, {}});
      pass.shares = shares_of(pass.size.blocks, s.symbols, of.array.units);
      count_imprints(pass.shares, known.back().counts, [&](std::uint64_t block) {
        return blocks.lanes_before[first + block + 1] - blocks.lanes_before[first + block];
      });
      found.kinds.push_back(pass);
      kind = known.size();
    }
    const auto& like = found.kinds[--kind];
    found.passes.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(kind)});
    found.counts.retunes += known[kind].counts.retunes;
    found.counts.imprinted_rings += known[kind].counts.imprinted_rings;
    of.count(found.counts, like.size);
    if (rings.any()) {
      found.counts.ring_retunes += rings.changes(first, like.shares);
    }
  }
  found.counts.zeros = of.profile.streamed_zeros;
  return found;
}

} // namespace sonic::estimate
