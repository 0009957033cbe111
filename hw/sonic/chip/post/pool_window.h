// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/jobs.h"

#include <algorithm>
#include <cstdint>

namespace sonic::chip {

/// The cells of a pool's window for one output position.
struct pool_window {
  std::int64_t row_first, column_first; ///< of the window in the image, may lie in the padding
  std::int64_t row_begin, row_end;      ///< window rows (in kernel steps) inside the image
  std::int64_t column_begin, column_end;
  std::uint64_t padded_cells; ///< cells inside the padded image
};

namespace detail {

/// Window steps [begin, end) whose position first + step * dilation lies in [low, high).
struct steps {
  std::int64_t begin, end;
};

inline steps steps_inside(std::int64_t first, std::int64_t kernel, std::int64_t dilation, std::int64_t low,
                          std::int64_t high) {
  const auto ceiling = [dilation](std::int64_t distance) {
    return distance <= 0 ? std::int64_t{0} : (distance + dilation - 1) / dilation;
  };
  const std::int64_t begin = std::min(ceiling(low - first), kernel);
  return {begin, std::clamp(ceiling(high - first), begin, kernel)};
}

} // namespace detail

/// Window of output position (@p row, @p column).
inline pool_window pool_window_at(const regs::descriptor& layer, std::int64_t row, std::int64_t column) {
  pool_window w{};
  w.row_first = row * layer.stride_height - std::int64_t{layer.pad_top};
  w.column_first = column * layer.stride_width - std::int64_t{layer.pad_left};
  const auto rows = detail::steps_inside(w.row_first, layer.kernel_height, layer.dilation_height, 0, layer.in_height);
  const auto columns =
      detail::steps_inside(w.column_first, layer.kernel_width, layer.dilation_width, 0, layer.in_width);
  const auto padded_rows =
      detail::steps_inside(w.row_first, layer.kernel_height, layer.dilation_height, -std::int64_t{layer.pad_top},
                           std::int64_t{layer.in_height} + layer.pad_bottom);
  const auto padded_columns =
      detail::steps_inside(w.column_first, layer.kernel_width, layer.dilation_width, -std::int64_t{layer.pad_left},
                           std::int64_t{layer.in_width} + layer.pad_right);
  w.row_begin = rows.begin;
  w.row_end = rows.end;
  w.column_begin = columns.begin;
  w.column_end = columns.end;
  w.padded_cells =
      static_cast<std::uint64_t>((padded_rows.end - padded_rows.begin) * (padded_columns.end - padded_columns.begin));
  return w;
}

} // namespace sonic::chip
