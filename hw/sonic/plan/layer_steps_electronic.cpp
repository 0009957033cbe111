// SPDX-License-Identifier: Apache-2.0
// The operations without light: pools, element-wise operations and fills.
#include "sonic/plan/element_sizes.h"
#include "sonic/plan/layer_steps.h"

#include <algorithm>

namespace sonic::plan {

namespace {

using use = operand_load::use;

constexpr std::uint64_t record_bytes = sizeof(regs::parameters_code16);

post_source source_of(const regs::descriptor& d) {
  switch (static_cast<regs::operation>(d.operation)) {
  case regs::operation::max_pool:
    return post_source::max_pool;
  case regs::operation::average_pool:
    return post_source::average_pool;
  case regs::operation::elementwise:
    return post_source::elementwise;
  default:
    return post_source::fill;
  }
}

class pool : public layer_steps {
public:
  explicit pool(const layer_plan& plan)
      : plan_(plan), d_(*plan.layer), element_(element_bytes(d_)), place_(plan.limits.global_buffer / 2),
        tiles_(window_tiles(d_, plan.limits, 1, 1, 2 * record_bytes)) {
    // Whole planes go several channels at a time; a plane in several tiles goes alone.
    const std::uint64_t per_channel = (in_plane() + out_plane()) * element_ + record_bytes;
    channels_ = tiles_ && tiles_->size() == 1 ? std::clamp<std::uint64_t>(place_ / per_channel, 1, d_.out_channels) : 1;
  }
  [[nodiscard]] bool fits() const { return tiles_.has_value(); }

  bool next(layer_step& step) override {
    if (image_ == d_.batch) {
      return false;
    }
    const auto& tile = (*tiles_)[tile_];
    const std::uint64_t count = std::min<std::uint64_t>(channels_, d_.out_channels - channel_);
    step.loads.clear();
    const std::uint64_t base = half_ * place_;
    step.loads.push_back(parameter_load(plan_, channel_, count, base));
    step.channel_records = count;
    step.half = half_;
    auto& post = step.post = {};
    post.parameter_offset = base;
    post.layer = &d_;
    post.source = source_of(d_);
    post.channels = count;
    post.inner = unsigned_of(tile.area());
    post.output = tile;
    post.input = input_of(d_, tile);
    post.input_offset = base + count * record_bytes;
    post.output_offset = post.input_offset + count * unsigned_of(post.input.area()) * element_;
    const auto input =
        planes(d_.input_address, image_ * d_.in_channels + channel_, count, post.input, d_.in_width, in_plane());
    if (input.total_bytes() > 0) {
      step.loads.push_back({use::operands, input, post.input_offset});
    }
    step.store = planes(d_.output_address, image_ * d_.out_channels + channel_, count, tile, d_.out_width, out_plane());
    count_up();
    return true;
  }

private:
  [[nodiscard]] std::uint64_t in_plane() const { return std::uint64_t{d_.in_height} * d_.in_width; }
  [[nodiscard]] std::uint64_t out_plane() const { return std::uint64_t{d_.out_height} * d_.out_width; }

  /// A rectangle of `count` planes from the given one on.
  [[nodiscard]] transfer_pattern planes(std::uint64_t address, std::uint64_t first, std::uint64_t count,
                                        const rectangle& part, std::uint64_t width, std::uint64_t plane) const {
    const std::uint64_t start = first * plane + unsigned_of(part.row_begin) * width + unsigned_of(part.column_begin);
    return make_pattern(plan_.base + address + start * element_, element_,
                        {1, count, unsigned_of(part.rows()), unsigned_of(part.columns())}, {0, plane, width, 1});
  }
  void count_up() {
    half_ ^= 1U;
    if (++tile_ < tiles_->size()) {
      return;
    }
    tile_ = 0;
    channel_ += channels_;
    if (channel_ < d_.out_channels) {
      return;
    }
    channel_ = 0;
    ++image_;
  }

  layer_plan plan_;
  const regs::descriptor& d_;
  std::uint64_t element_;
  std::uint64_t place_; ///< bytes of one of the two places of a step
  std::optional<std::vector<rectangle>> tiles_;
  std::uint64_t channels_ = 1;            ///< at a time
  std::uint64_t image_ = 0, channel_ = 0; ///< of the next step
  std::size_t tile_ = 0;
  unsigned int half_ = 0;
};

class strided : public layer_steps {
public:
  explicit strided(const layer_plan& plan)
      : plan_(plan), d_(*plan.layer), element_(element_bytes(d_)), place_(plan.limits.global_buffer / 2),
        // Each element may bring a channel record of its own, two operands and a result.
        tiles_({d_.batch, d_.out_channels, d_.out_height, d_.out_width}, place_ / (record_bytes + 3 * element_)) {}

  bool next(layer_step& step) override {
    walk_tile tile;
    if (!tiles_.next(tile)) {
      return false;
    }
    std::array<std::uint64_t, 4> counts{};
    for (std::size_t axis = 0; axis < counts.size(); ++axis) {
      counts[axis] = tile.end[axis] - tile.begin[axis];
    }
    const auto walk = [&](std::uint64_t address, std::uint64_t offset, const std::array<std::uint64_t, 4>& strides) {
      for (std::size_t axis = 0; axis < counts.size(); ++axis) {
        offset += tile.begin[axis] * strides[axis];
      }
      return make_pattern(plan_.base + address + offset * element_, element_, counts, strides);
    };
    auto& post = step.post = {};
    post.layer = &d_;
    post.source = source_of(d_);
    post.channels = counts[1];
    const std::uint64_t base = half_ * place_;
    step.half = half_;
    half_ ^= 1U;
    post.parameter_offset = base;
    post.inner = counts[2] * counts[3];
    post.input_offset = base + counts[1] * record_bytes;
    const std::uint64_t bytes = post.channels * post.inner * element_;
    post.second_offset = post.input_offset + bytes;
    post.output_offset = post.second_offset + bytes;
    step.loads.clear();
    if (post.source == post_source::elementwise) {
      step.loads.push_back(parameter_load(plan_, tile.begin[1], counts[1], base));
      step.channel_records = counts[1];
      step.loads.push_back(
          {use::operands,
           walk(d_.input_address, d_.input_offset,
                {d_.input_stride_batch, d_.input_stride_channel, d_.input_stride_height, d_.input_stride_width}),
           post.input_offset});
      if ((d_.flags & regs::flag_has_second) != 0) {
        step.loads.push_back(
            {use::operands,
             walk(d_.second_address, d_.second_offset,
                  {d_.second_stride_batch, d_.second_stride_channel, d_.second_stride_height, d_.second_stride_width}),
             post.second_offset});
      }
    }
    step.store =
        walk(d_.output_address, d_.output_offset,
             {d_.output_stride_batch, d_.output_stride_channel, d_.output_stride_height, d_.output_stride_width});
    return true;
  }

private:
  layer_plan plan_;
  const regs::descriptor& d_;
  std::uint64_t element_;
  std::uint64_t place_; ///< bytes of one of the two places of a step
  walk_tiler tiles_;
  unsigned int half_ = 0;
};

} // namespace

std::uint64_t parameter_bytes(const regs::descriptor& layer, std::uint64_t channels) {
  return (layer.parameter_records == 1 ? 1 : channels) * record_bytes;
}

operand_load parameter_load(const layer_plan& plan, std::uint64_t first, std::uint64_t count, std::uint64_t offset) {
  const auto& d = *plan.layer;
  const std::uint64_t skipped = d.parameter_records == 1 ? 0 : first * record_bytes;
  return {
      use::parameters,
      make_pattern(plan.base + d.parameter_address + skipped, 1, {1, 1, 1, parameter_bytes(d, count)}, {0, 0, 0, 1}),
      offset};
}

std::unique_ptr<layer_steps> pool_steps(const layer_plan& plan) {
  auto steps = std::make_unique<pool>(plan);
  return steps->fits() ? std::move(steps) : nullptr;
}

std::unique_ptr<layer_steps> strided_steps(const layer_plan& plan) {
  return std::make_unique<strided>(plan);
}

std::unique_ptr<layer_steps> steps_of(const layer_plan& plan) {
  switch (static_cast<regs::operation>(plan.layer->operation)) {
  case regs::operation::convolution:
    return convolution_steps(plan);
  case regs::operation::fully_connected:
    return fully_connected_steps(plan);
  case regs::operation::max_pool:
  case regs::operation::average_pool:
    return pool_steps(plan);
  default:
    return strided_steps(plan);
  }
}

} // namespace sonic::plan
