// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/tiling.h"

#include "sonic/plan/element_sizes.h"

#include <algorithm>

namespace sonic::plan {

transfer_pattern make_pattern(std::uint64_t address, std::uint64_t element_bytes,
                              const std::array<std::uint64_t, 4>& counts, const std::array<std::uint64_t, 4>& strides) {
  transfer_pattern pattern;
  pattern.address = address;
  pattern.counts = counts;
  std::uint64_t contiguous = 1;
  for (std::size_t axis = counts.size(); axis-- > 0;) {
    if (counts[axis] != 1 && strides[axis] != contiguous) {
      break;
    }
    contiguous *= counts[axis];
    pattern.counts[axis] = 1;
  }
  pattern.piece_bytes = contiguous * element_bytes;
  for (std::size_t axis = 0; axis < counts.size(); ++axis) {
    pattern.strides[axis] = strides[axis] * element_bytes;
  }
  return pattern;
}

rectangle input_of(const regs::descriptor& d, const rectangle& output) {
  const auto span = [](std::int64_t begin, std::int64_t end, std::int64_t stride, std::int64_t kernel,
                       std::int64_t dilation, std::int64_t pad, std::int64_t size) {
    const std::int64_t first = std::clamp<std::int64_t>(begin * stride - pad, 0, size);
    const std::int64_t last =
        std::clamp<std::int64_t>((end - 1) * stride - pad + (kernel - 1) * dilation + 1, first, size);
    return std::array{first, last};
  };
  const auto rows = span(output.row_begin, output.row_end, d.stride_height, d.kernel_height, d.dilation_height,
                         d.pad_top, d.in_height);
  const auto columns = span(output.column_begin, output.column_end, d.stride_width, d.kernel_width, d.dilation_width,
                            d.pad_left, d.in_width);
  return {rows[0], rows[1], columns[0], columns[1]};
}

std::optional<std::vector<rectangle>> window_tiles(const regs::descriptor& d, const tile_limits& limits,
                                                   std::uint64_t channels, std::uint64_t in_channels,
                                                   std::uint64_t extra_bytes) {
  const bool light = is_light(d);
  const std::uint64_t patch = std::uint64_t{in_channels} * d.kernel_height * d.kernel_width;
  const auto fits = [&](std::int64_t rows, std::int64_t columns) {
    // The input of a tile at the corner may be clipped; one in the middle is not.
    const auto reach = [](std::int64_t count, std::int64_t stride, std::int64_t kernel, std::int64_t dilation,
                          std::int64_t size) {
      return static_cast<std::uint64_t>(std::min((count - 1) * stride + (kernel - 1) * dilation + 1, size));
    };
    const std::uint64_t input =
        in_channels * reach(rows, d.stride_height, d.kernel_height, d.dilation_height, d.in_height) *
        reach(columns, d.stride_width, d.kernel_width, d.dilation_width, d.in_width) * element_bytes(d);
    const auto positions = static_cast<std::uint64_t>(rows * columns);
    const std::uint64_t output = channels * positions * element_bytes(d);
    const bool buffers =
        !light || (input <= limits.activations && channels * positions * sum_bytes(d) <= limits.partial_sums &&
                   patch <= tile_limits::decoded_values / positions);
    // Two tiles are on the chip at a time; of the operands of light, a copy is in the operand buffers.
    return buffers && (light ? 1 : 2) * input + 2 * output + extra_bytes <= limits.global_buffer;
  };
  const auto largest = [](std::int64_t whole, const auto& good) {
    std::int64_t low = 0;
    for (std::int64_t high = whole; low < high;) {
      const std::int64_t middle = (low + high + 1) / 2;
      good(middle) ? low = middle : high = middle - 1;
    }
    return low;
  };
  const std::int64_t height = d.out_height;
  const std::int64_t width = d.out_width;
  std::int64_t columns = width;
  std::int64_t rows = largest(height, [&](std::int64_t n) { return fits(n, width); });
  if (rows == 0) {
    rows = 1;
    columns = largest(width, [&](std::int64_t n) { return fits(1, n); });
    if (columns == 0) {
      return std::nullopt;
    }
  }
  std::vector<rectangle> tiles;
  for (std::int64_t r = 0; r < height; r += rows) {
    for (std::int64_t c = 0; c < width; c += columns) {
      tiles.push_back({r, std::min(r + rows, height), c, std::min(c + columns, width)});
    }
  }
  return tiles;
}

walk_tiler::walk_tiler(const std::array<std::uint64_t, 4>& extents, std::uint64_t elements) : extents_(extents) {
  // Whole axes from the inside out, then a part of one; the batch entries go one by one.
  std::uint64_t held = 1;
  for (std::size_t axis = 4; axis-- > 1;) {
    step_[axis] = std::clamp<std::uint64_t>(elements / held, 1, extents[axis]);
    held *= step_[axis];
    if (step_[axis] < extents[axis]) {
      break;
    }
  }
}

bool walk_tiler::next(walk_tile& tile) {
  if (done_) {
    return false;
  }
  tile.begin = begin_;
  for (std::size_t axis = 0; axis < extents_.size(); ++axis) {
    tile.end[axis] = std::min(begin_[axis] + step_[axis], extents_[axis]);
  }
  // Count up, the innermost axis first.
  done_ = true;
  for (std::size_t axis = 4; axis-- > 0 && done_;) {
    begin_[axis] += step_[axis];
    if (begin_[axis] < extents_[axis]) {
      done_ = false;
    } else {
      begin_[axis] = 0;
    }
  }
  return true;
}

} // namespace sonic::plan
