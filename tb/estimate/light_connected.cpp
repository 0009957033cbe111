// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/dealt_rows.h"
#include "tb/estimate/light_planner.h"

#include <utility>

namespace sonic::estimate {

namespace {

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

light_plan plan_connected(const light_planner& of) {
  return connected_planner(of).run();
}

} // namespace sonic::estimate
