// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/light_plan.h"

#include "sonic/digital/accumulators.h"
#include "sonic/plan/dealt_rows.h"
#include "sonic/plan/times.h"
#include "sonic/sparse/compression.h"
#include "sonic/sparse/row_decoder.h"

#include <algorithm>
#include <bit>

namespace sonic::estimate {

namespace {

/// Blocks that a partial sum may have.
constexpr std::uint64_t most_blocks_per_sum = 65535;

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

pass_shares shares_of(std::uint64_t blocks, std::uint32_t symbols, std::uint32_t units) {
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

struct panel_decoding {
  std::uint64_t most = 0, sum = 0;
};

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

/// A fully connected layer, whose activations wait for full blocks across the panels of the same outputs.
class connected_planner {
public:
  explicit connected_planner(const light_planner& of)
      : of_(of), cycles_(of.profile, of.layer, of.array.decoder_lanes), dealt_(of.array.decoders), sums_(of.array) {}

  light_plan run() {
    for (const auto& s : of_.layer.steps) {
      step(s);
      ++number_;
    }
    found_.counts.zeros = of_.profile.streamed_zeros;
    return std::move(found_);
  }

private:
  void step(const planned_step& s) {
    const auto& panel = of_.layer.panels[s.panel];
    if (s.first_panel) {
      waiting_ = 0;
      blocks_of_sum_ = 0;
      dealt_.clear();
      if (sums_.timed()) {
        sums_.clear(of_.first_sum(s), panel.columns);
      }
    }
    const std::uint64_t present = s.present;
    found_.counts.deleted += std::uint64_t{panel.columns} * (panel.rows - present);
    // So many rows are decoded at once, at most.
    const std::uint64_t most = (plan::tile_limits::decoded_values + panel.columns - 1) / panel.columns;
    std::uint64_t left = present;
    std::uint32_t row = 0;
    while (waiting_ + left >= most) {
      const std::uint64_t added = most > waiting_ ? most - waiting_ : 1;
      decode(s, panel, row, added);
      left -= added;
      waiting_ += added;
      send(s, panel, false);
    }
    decode(s, panel, row, left);
    waiting_ += left;
    send(s, panel, s.last_panel);
  }

  /// The next so many rows whose activations are not zero.
  void decode(const planned_step& s, const regs::panel& panel, std::uint32_t& row, std::uint64_t rows) {
    if (of_.array.decoders == 0) {
      return;
    }
    for (; rows > 0; ++row) {
      if (of_.profile.present(s.frame, panel.first_row + row)) {
        dealt_.add(cycles_(panel, row));
        --rows;
      }
    }
  }

  void send(const planned_step& s, const regs::panel& panel, bool all) {
    const std::uint64_t lanes = of_.array.lanes;
    const std::uint64_t taken = all ? waiting_ : waiting_ / lanes * lanes;
    const std::uint64_t at = of_.first_sum(s);
    if (taken == 0) {
      if (all && sums_.timed()) {
        sums_.read(at, panel.columns);
      }
      return;
    }
    pass_kind pass;
    pass.size = {(taken + lanes - 1) / lanes, taken, panel.columns, dealt_.most()};
    found_.counts.decoder_cycles += dealt_.sum();
    dealt_.clear();
    blocks_of_sum_ += pass.size.blocks;
    found_.fits = found_.fits && blocks_of_sum_ <= most_blocks_per_sum;
    if (sums_.timed()) {
      sums_.begin(pass.size.blocks, panel.columns);
      sums_.add(at, pass.size.blocks);
      if (all) {
        sums_.read(at, panel.columns);
      }
      const auto cycles = sums_.take();
      found_.counts.accumulator_cycles += cycles.sum;
      pass.accumulating = cycles.most;
    }
    const std::uint64_t rest = taken % lanes;
    pass.shares = shares_of(pass.size.blocks, panel.columns, of_.array.units);
    count_imprints(pass.shares, found_.counts,
                   [&](std::uint64_t block) { return rest > 0 && block + 1 == pass.size.blocks ? rest : lanes; });
    of_.count(found_.counts, pass.size);
    found_.passes.push_back({number_, static_cast<std::uint32_t>(found_.kinds.size())});
    found_.kinds.push_back(pass);
    waiting_ -= taken;
  }

  light_planner of_;
  light_plan found_;
  row_cycles cycles_;
  plan::dealt_rows dealt_;
  accumulation sums_;
  std::uint32_t number_ = 0; ///< of the step
  std::uint64_t waiting_ = 0, blocks_of_sum_ = 0;
};

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
  auto found = blocks != nullptr ? plan_convolution(of, *blocks, fresh_rings) : connected_planner(of).run();
  sort_units(found, array.units);
  return found;
}

} // namespace sonic::estimate
