// SPDX-License-Identifier: Apache-2.0
// Which cells the windows of a pool meet. No time, no values.
#pragma once

#include "sonic/plan/window_reach.h"
#include "sonic/plan/work.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace sonic::plan {

/// The windows of a pool along one axis, for output positions [begin, end). Kernels may be much larger than the image:
/// what is done is bounded by the outputs and the image.
class window_axis {
public:
  struct parameters {
    std::int64_t stride, kernel, dilation, pad_before, pad_after, size; ///< size: of the image
  };

  window_axis(const parameters& axis, std::int64_t begin, std::int64_t end) : axis_(axis), begin_(begin), end_(end) {
    // From the last output on, whose window meets the image with its first steps.
    for (std::int64_t output = outputs() - 1; output >= 0; --output) {
      const auto met = steps_of(output, 0, axis_.size);
      for (std::int64_t step = steps_.empty() ? met.begin : std::max(met.begin, steps_.back() + 1); step < met.end;
           ++step) {
        steps_.push_back(step);
      }
    }
  }

  [[nodiscard]] std::int64_t outputs() const { return end_ - begin_; }
  [[nodiscard]] std::int64_t stride() const { return axis_.stride; }
  /// The steps of windows that lie inside the image for any output, ascending.
  [[nodiscard]] const std::vector<std::int64_t>& steps() const { return steps_; }

  /// Position in the image of a window's step, for output `begin`; outside of the image in the padding.
  [[nodiscard]] std::int64_t first(std::int64_t step) const {
    return begin_ * axis_.stride - axis_.pad_before + step * axis_.dilation;
  }
  /// Outputs, counted from `begin`, for which a step lies inside the image.
  [[nodiscard]] reach inside(std::int64_t step) const {
    return positions_inside(first(step), axis_.stride, outputs(), 0, axis_.size);
  }
  /// Of every output: steps of its window that lie inside the image, or inside the image and its padding.
  [[nodiscard]] std::vector<std::uint64_t> steps_inside(bool with_padding) const {
    std::vector<std::uint64_t> counts;
    for (std::int64_t output = 0; output < outputs(); ++output) {
      const auto met = with_padding ? steps_of(output, -axis_.pad_before, axis_.size + axis_.pad_after)
                                    : steps_of(output, 0, axis_.size);
      counts.push_back(static_cast<std::uint64_t>(met.end - met.begin));
    }
    return counts;
  }

private:
  /// Steps of an output's window whose position lies in [low, high).
  [[nodiscard]] reach steps_of(std::int64_t output, std::int64_t low, std::int64_t high) const {
    return positions_inside(first(0) + output * axis_.stride, axis_.dilation, axis_.kernel, low, high);
  }

  parameters axis_;
  std::int64_t begin_, end_;
  std::vector<std::int64_t> steps_;
};

/// Rows and columns of a pool's windows over a tile of outputs.
struct pool_windows {
  pool_windows(const regs::descriptor& d, const rectangle& output)
      : rows({d.stride_height, d.kernel_height, d.dilation_height, d.pad_top, d.pad_bottom, d.in_height},
             output.row_begin, output.row_end),
        columns({d.stride_width, d.kernel_width, d.dilation_width, d.pad_left, d.pad_right, d.in_width},
                output.column_begin, output.column_end) {}

  window_axis rows, columns;
};

/// What the mean of each window divides by, and what padding that counts adds to its total.
struct window_sizes {
  window_sizes(const pool_windows& windows, const regs::descriptor& d)
      : inside(products(windows, false)),
        divisor((d.flags & regs::flag_count_include_pad) != 0 ? products(windows, true) : inside) {
    for (std::size_t i = 0; i < inside.size(); ++i) {
      padding.push_back((divisor[i] - inside[i]) * static_cast<std::uint16_t>(d.pad_value));
    }
  }

  std::vector<std::uint64_t> inside;  ///< cells of the image in each window
  std::vector<std::uint64_t> divisor; ///< 0 of an empty window
  std::vector<std::uint64_t> padding; ///< in codes, of code16 elements

private:
  static std::vector<std::uint64_t> products(const pool_windows& windows, bool with_padding) {
    const auto columns = windows.columns.steps_inside(with_padding);
    std::vector<std::uint64_t> counts;
    for (const std::uint64_t row : windows.rows.steps_inside(with_padding)) {
      std::transform(columns.begin(), columns.end(), std::back_inserter(counts),
                     [row](std::uint64_t column) { return row * column; });
    }
    return counts;
  }
};

} // namespace sonic::plan
