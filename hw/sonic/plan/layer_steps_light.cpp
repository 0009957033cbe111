// SPDX-License-Identifier: Apache-2.0
// Convolutions and fully connected layers.
#include "sonic/plan/element_sizes.h"
#include "sonic/plan/layer_steps.h"

#include <algorithm>

namespace sonic::plan {

namespace {

using use = operand_load::use;

transfer_pattern contiguous(std::uint64_t address, std::uint64_t bytes) {
  return make_pattern(address, 1, {1, 1, 1, bytes}, {0, 0, 0, 1});
}

/// What both kinds have in common: the largest panel, and where things lie in the global buffer. Channel records and
/// results have two places each; weights and activations pass through one.
struct light_layout {
  explicit light_layout(const layer_plan& of) : plan(of), d(*of.layer), element(element_bytes(*of.layer)) {
    for (const auto& panel : plan.panels) {
      largest_bytes = std::max<std::uint64_t>(largest_bytes, panel.bytes);
      largest_rows = std::max<std::uint64_t>(largest_rows, panel.rows);
      largest_columns = std::max<std::uint64_t>(largest_columns, panel.columns);
    }
  }

  [[nodiscard]] operand_load weights_of(const regs::panel& panel) const {
    return {use::weights, contiguous(plan.base + d.weight_address + panel.offset, panel.bytes), transit()};
  }
  [[nodiscard]] operand_load activations_of(const transfer_pattern& pattern) const {
    return {use::activations, pattern, transit() + largest_bytes};
  }
  [[nodiscard]] std::uint64_t records_at(unsigned int half) const { return half * parameter_region; }
  [[nodiscard]] std::uint64_t results_at(unsigned int half) const {
    return 2 * parameter_region + half * result_region;
  }
  [[nodiscard]] std::uint64_t transit() const { return 2 * (parameter_region + result_region); }

  layer_plan plan;
  const regs::descriptor& d;
  std::uint64_t element;
  std::uint64_t largest_bytes = 0, largest_rows = 0, largest_columns = 0;
  std::uint64_t parameter_region = 0; ///< most bytes of channel records of a tile
  std::uint64_t result_region = 0;    ///< most bytes of results of a tile
};

class convolution : public layer_steps {
public:
  explicit convolution(const layer_plan& plan) : at_(plan), d_(*plan.layer) {
    at_.parameter_region = parameter_bytes(d_, at_.largest_rows);
    tiles_ =
        window_tiles(d_, plan.limits, at_.largest_rows, d_.in_channels, 2 * at_.parameter_region + at_.largest_bytes);
    if (tiles_ && !tiles_->empty()) {
      at_.result_region = at_.largest_rows * unsigned_of(tiles_->front().area()) * at_.element; // none is larger
    }
  }
  [[nodiscard]] bool fits() const { return tiles_.has_value(); }

  bool next(layer_step& step) override {
    if (image_ == d_.batch || at_.plan.panels.empty()) {
      return false;
    }
    const auto& tile = (*tiles_)[tile_];
    const auto& panel = at_.plan.panels[panel_];
    step.loads.clear();
    step.input = input_of(d_, tile);
    step.output = tile;
    const auto input = input_pattern(step.input);
    if (panel_ == 0 && input.total_bytes() > 0) {
      step.loads.push_back(at_.activations_of(input));
    }
    // A layer's only panel is loaded once and stays.
    if (at_.plan.panels.size() > 1 || first_) {
      records_ = at_.records_at(half_);
      step.loads.push_back(parameter_load(at_.plan, panel.first_row, panel.rows, records_));
      step.channel_records = panel.rows;
      step.loads.push_back(at_.weights_of(panel));
      first_ = false;
    }
    step.half = half_;
    step.light = true;
    step.panel = panel;
    step.post = {};
    step.post.layer = &d_;
    step.post.source = post_source::partial_sums;
    step.post.channels = panel.rows;
    step.post.inner = unsigned_of(tile.area());
    step.post.parameter_offset = records_;
    step.post.output_offset = at_.results_at(half_);
    step.store = output_pattern(panel, tile);
    count_up();
    return true;
  }

private:
  [[nodiscard]] transfer_pattern input_pattern(const rectangle& in) const {
    const std::uint64_t plane = std::uint64_t{d_.in_height} * d_.in_width;
    const std::uint64_t first =
        image_ * d_.in_channels * plane + unsigned_of(in.row_begin) * d_.in_width + unsigned_of(in.column_begin);
    return make_pattern(at_.plan.base + d_.input_address + first * at_.element, at_.element,
                        {1, d_.in_channels, unsigned_of(in.rows()), unsigned_of(in.columns())},
                        {0, plane, d_.in_width, 1});
  }
  [[nodiscard]] transfer_pattern output_pattern(const regs::panel& panel, const rectangle& out) const {
    const std::uint64_t plane = std::uint64_t{d_.out_height} * d_.out_width;
    const std::uint64_t first = (image_ * d_.out_channels + panel.first_row) * plane +
                                unsigned_of(out.row_begin) * d_.out_width + unsigned_of(out.column_begin);
    return make_pattern(at_.plan.base + d_.output_address + first * at_.element, at_.element,
                        {1, panel.rows, unsigned_of(out.rows()), unsigned_of(out.columns())},
                        {0, plane, d_.out_width, 1});
  }
  void count_up() {
    half_ ^= 1U;
    if (++panel_ < at_.plan.panels.size()) {
      return;
    }
    panel_ = 0;
    if (++tile_ < tiles_->size()) {
      return;
    }
    tile_ = 0;
    ++image_;
  }

  light_layout at_;
  const regs::descriptor& d_;
  std::optional<std::vector<rectangle>> tiles_;
  std::uint64_t image_ = 0;
  std::size_t tile_ = 0, panel_ = 0; ///< of the next step
  unsigned int half_ = 0;            ///< of the next step
  std::uint64_t records_ = 0;        ///< where the channel records loaded last lie
  bool first_ = true;
};

class fully_connected : public layer_steps {
public:
  explicit fully_connected(const layer_plan& plan) : at_(plan), d_(*plan.layer) {
    at_.parameter_region = parameter_bytes(d_, at_.largest_columns);
    at_.result_region = at_.largest_columns * at_.element;
  }
  [[nodiscard]] bool fits() const {
    return at_.transit() + at_.largest_bytes + at_.largest_rows * at_.element <= at_.plan.limits.global_buffer;
  }

  bool next(layer_step& step) override {
    if (row_ == d_.batch || at_.plan.panels.empty()) {
      return false;
    }
    const auto& panel = at_.plan.panels[panel_];
    step.loads.clear();
    step.first_panel = panel.first_row == 0;
    step.last_panel = panel.first_row + panel.rows == d_.in_channels;
    if (step.first_panel) {
      step.loads.push_back(parameter_load(at_.plan, panel.first_column, panel.columns, at_.records_at(half_)));
      step.channel_records = panel.columns;
    }
    step.loads.push_back(at_.activations_of(
        contiguous(at_.plan.base + d_.input_address + (row_ * d_.in_channels + panel.first_row) * at_.element,
                   panel.rows * at_.element)));
    step.loads.push_back(at_.weights_of(panel));
    step.half = half_;
    step.light = true;
    step.panel = panel;
    step.finishes = step.last_panel;
    step.flows = false; // every output neuron's sum ends with the last block
    step.post = {};
    step.post.layer = &d_;
    step.post.source = post_source::partial_sums;
    step.post.channels = panel.columns;
    step.post.inner = 1;
    step.post.parameter_offset = at_.records_at(half_);
    step.post.output_offset = at_.results_at(half_);
    step.store =
        contiguous(at_.plan.base + d_.output_address + (row_ * d_.out_channels + panel.first_column) * at_.element,
                   panel.columns * at_.element);
    half_ ^= step.finishes ? 1U : 0U;
    if (++panel_ == at_.plan.panels.size()) {
      panel_ = 0;
      ++row_;
    }
    return true;
  }

private:
  light_layout at_;
  const regs::descriptor& d_;
  std::uint64_t row_ = 0; ///< of the batch
  std::size_t panel_ = 0;
  unsigned int half_ = 0; ///< of the next step
};

} // namespace

std::unique_ptr<layer_steps> convolution_steps(const layer_plan& plan) {
  auto steps = std::make_unique<convolution>(plan);
  return steps->fits() ? std::move(steps) : nullptr;
}

std::unique_ptr<layer_steps> fully_connected_steps(const layer_plan& plan) {
  auto steps = std::make_unique<fully_connected>(plan);
  return steps->fits() ? std::move(steps) : nullptr;
}

} // namespace sonic::plan
