// SPDX-License-Identifier: Apache-2.0
// Pools of one channel in plain C++: windows over its plane, outputs side by side.
#pragma once

#include "sonic/tlm/jobs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::chip {

/// The windows of a pool along one axis, for output positions [begin, end).
class window_axis {
public:
  struct parameters {
    std::int64_t stride, kernel, dilation, pad_before, pad_after, size; ///< size: of the image
  };

  window_axis(const parameters& axis, std::int64_t begin, std::int64_t end) : axis_(axis), begin_(begin), end_(end) {}

  [[nodiscard]] std::int64_t outputs() const { return end_ - begin_; }
  [[nodiscard]] std::int64_t kernel() const { return axis_.kernel; }
  [[nodiscard]] std::int64_t stride() const { return axis_.stride; }

  /// Position in the image of a window's step, for output `begin`; outside of the image in the padding.
  [[nodiscard]] std::int64_t first(std::int64_t step) const {
    return begin_ * axis_.stride - axis_.pad_before + step * axis_.dilation;
  }
  /// Outputs [from, to), counted from `begin`, for which a step lies inside the image.
  struct range {
    std::int64_t from, to;
  };
  [[nodiscard]] range inside(std::int64_t step) const { return reached(step, 0, axis_.size); }

  /// Steps of an output's window that lie inside the image, or inside the image and its padding.
  [[nodiscard]] std::uint64_t steps_inside(std::int64_t output, bool with_padding) const {
    const std::int64_t low = with_padding ? -axis_.pad_before : 0;
    const std::int64_t high = axis_.size + (with_padding ? axis_.pad_after : 0);
    std::uint64_t count = 0;
    for (std::int64_t step = 0; step < axis_.kernel; ++step) {
      const std::int64_t at = first(step) + output * axis_.stride;
      count += at >= low && at < high ? 1U : 0U;
    }
    return count;
  }

private:
  [[nodiscard]] range reached(std::int64_t step, std::int64_t low, std::int64_t high) const {
    const std::int64_t at = first(step);
    const auto ceiling = [this](std::int64_t distance) {
      return distance <= 0 ? std::int64_t{0} : (distance + axis_.stride - 1) / axis_.stride;
    };
    const std::int64_t from = std::min(ceiling(low - at), outputs());
    return {from, std::clamp(ceiling(high - at), from, outputs())};
  }

  parameters axis_;
  std::int64_t begin_, end_;
};

/// Rows and columns of a pool's windows over a tile of outputs.
struct pool_windows {
  pool_windows(const regs::descriptor& d, const transport::rectangle& output)
      : rows({d.stride_height, d.kernel_height, d.dilation_height, d.pad_top, d.pad_bottom, d.in_height},
             output.row_begin, output.row_end),
        columns({d.stride_width, d.kernel_width, d.dilation_width, d.pad_left, d.pad_right, d.in_width},
                output.column_begin, output.column_end) {}

  window_axis rows, columns;
};

/// For every output, in row-major order, folds the cells of its window inside the image, row by row.
/// @param input where the cells lie in the image
/// @param cells row-major
/// @param fold  fold(accumulated, cell) gives what is accumulated then
/// @param into  receives the outputs; holds what an empty window gives
template <class cell, class accumulated, class folding>
void pool_plane(const pool_windows& windows, const transport::rectangle& input, const cell* cells, const folding& fold,
                accumulated* into) {
  const std::int64_t stride = windows.columns.stride();
  for (std::int64_t kr = 0; kr < windows.rows.kernel(); ++kr) {
    const auto rows = windows.rows.inside(kr);
    for (std::int64_t kc = 0; kc < windows.columns.kernel(); ++kc) {
      const auto columns = windows.columns.inside(kc);
      const std::int64_t first = windows.columns.first(kc) - input.column_begin;
      for (std::int64_t r = rows.from; r < rows.to; ++r) {
        const std::int64_t row = windows.rows.first(kr) + r * windows.rows.stride() - input.row_begin;
        const cell* line = cells + row * input.columns();
        accumulated* target = into + r * windows.columns.outputs();
        const auto fold_line = [&](std::int64_t apart) {
          for (std::int64_t c = columns.from; c < columns.to; ++c) {
            target[c] = fold(target[c], line[first + c * apart]);
          }
        };
        // What pools usually have, known to the compiler.
        stride == 2 ? fold_line(2) : stride == 1 ? fold_line(1) : fold_line(stride);
      }
    }
  }
}

} // namespace sonic::chip
