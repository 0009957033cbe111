// SPDX-License-Identifier: Apache-2.0
// The operations without light: pools, element-wise operations and fills.
#include "sonic/chip/control/descriptor_check.h"
#include "sonic/chip/control/layer_sequencer.h"
#include "sonic/chip/control/tiling.h"

#include <algorithm>

namespace sonic::chip {

using regs::error_code;
using sc_core::sc_time;
using transport::post_source;

error_code layer_sequencer::run_pool(post_source source) {
  const auto& d = *layer_;
  const std::uint64_t element = element_bytes(d);
  const std::uint64_t record = sizeof(regs::parameters_code16);
  const auto tiles = window_tiles(d, tiles_, 1, 1, record);
  if (!tiles) {
    return error_code::too_large;
  }
  const std::uint64_t in_plane = std::uint64_t{d.in_height} * d.in_width;
  const std::uint64_t out_plane = std::uint64_t{d.out_height} * d.out_width;
  // Whole planes go several channels at a time; a plane in several tiles goes alone.
  const std::uint64_t per_channel = (in_plane + out_plane) * element + record;
  const std::uint64_t channels =
      tiles->size() == 1 ? std::clamp<std::uint64_t>(tiles_.global_buffer / per_channel, 1, d.out_channels) : 1;
  for (std::uint64_t n = 0; n < d.batch; ++n) {
    for (std::uint64_t c = 0; c < d.out_channels; c += channels) {
      const std::uint64_t count = std::min<std::uint64_t>(channels, d.out_channels - c);
      for (const auto& tile : *tiles) {
        sc_time ready = cursor_;
        const auto result = load_parameters(c, count, ready);
        if (result != error_code::none) {
          return result;
        }
        transport::post_job post;
        post.layer = &d;
        post.source = source;
        post.channels = count;
        post.inner = unsigned_of(tile.area());
        post.output = tile;
        post.input = input_of(d, tile);
        post.input_offset = count * record;
        post.output_offset = post.input_offset + count * unsigned_of(post.input.area()) * element;
        const auto input =
            make_pattern(base_ + d.input_address +
                             ((n * d.in_channels + c) * in_plane + unsigned_of(post.input.row_begin) * d.in_width +
                              unsigned_of(post.input.column_begin)) *
                                 element,
                         element, {1, count, unsigned_of(post.input.rows()), unsigned_of(post.input.columns())},
                         {0, in_plane, d.in_width, 1});
        const auto from = cursor_;
        if (input.total_bytes() > 0 && !load(input, post.input_offset, ready)) {
          return error_code::bus_error;
        }
        const auto finished = finish(post, from, ready);
        const auto output = make_pattern(
            base_ + d.output_address +
                ((n * d.out_channels + c) * out_plane + unsigned_of(tile.row_begin) * d.out_width +
                 unsigned_of(tile.column_begin)) *
                    element,
            element, {1, count, unsigned_of(tile.rows()), unsigned_of(tile.columns())}, {0, out_plane, d.out_width, 1});
        if (!store(output, post.output_offset, finished)) {
          return error_code::bus_error;
        }
        cursor_ = ready;
      }
    }
  }
  return error_code::none;
}

error_code layer_sequencer::run_strided(post_source source) {
  const auto& d = *layer_;
  const std::uint64_t element = element_bytes(d);
  const bool reads = source == post_source::elementwise;
  const bool has_second = reads && (d.flags & regs::flag_has_second) != 0;
  // Each element may bring a channel record of its own, two operands and a result.
  const std::uint64_t per_element = sizeof(regs::parameters_code16) + 3 * element;
  walk_tiler tiles({d.batch, d.out_channels, d.out_height, d.out_width}, tiles_.global_buffer / per_element);
  for (walk_tile tile; tiles.next(tile);) {
    std::array<std::uint64_t, 4> counts{};
    for (std::size_t axis = 0; axis < counts.size(); ++axis) {
      counts[axis] = tile.end[axis] - tile.begin[axis];
    }
    const auto walk = [&](std::uint64_t address, std::uint64_t offset, const std::array<std::uint64_t, 4>& strides) {
      for (std::size_t axis = 0; axis < counts.size(); ++axis) {
        offset += tile.begin[axis] * strides[axis];
      }
      return make_pattern(base_ + address + offset * element, element, counts, strides);
    };
    transport::post_job post;
    post.layer = &d;
    post.source = source;
    post.channels = counts[1];
    post.inner = counts[2] * counts[3];
    post.input_offset = counts[1] * sizeof(regs::parameters_code16);
    const std::uint64_t bytes = post.channels * post.inner * element;
    post.second_offset = post.input_offset + bytes;
    post.output_offset = post.second_offset + bytes;
    sc_time ready = cursor_;
    const auto from = cursor_;
    if (reads) {
      const auto result = load_parameters(tile.begin[1], counts[1], ready);
      if (result != error_code::none) {
        return result;
      }
      if (!load(walk(d.input_address, d.input_offset,
                     {d.input_stride_batch, d.input_stride_channel, d.input_stride_height, d.input_stride_width}),
                post.input_offset, ready)) {
        return error_code::bus_error;
      }
    }
    if (has_second &&
        !load(walk(d.second_address, d.second_offset,
                   {d.second_stride_batch, d.second_stride_channel, d.second_stride_height, d.second_stride_width}),
              post.second_offset, ready)) {
      return error_code::bus_error;
    }
    const auto finished = finish(post, from, ready);
    if (!store(walk(d.output_address, d.output_offset,
                    {d.output_stride_batch, d.output_stride_channel, d.output_stride_height, d.output_stride_width}),
               post.output_offset, finished)) {
      return error_code::bus_error;
    }
    cursor_ = ready;
  }
  return error_code::none;
}

} // namespace sonic::chip
