// SPDX-License-Identifier: Apache-2.0
// Pools of one channel in plain C++: windows over its plane, outputs side by side.
#pragma once

#include "sonic/plan/pool_windows.h"

#include <cstdint>

namespace sonic::chip {

/// For every output, in row-major order, folds the cells of its window inside the image, row by row.
/// @param input where the cells lie in the image
/// @param cells row-major
/// @param fold  fold(accumulated, cell) gives what is accumulated then
/// @param into  receives the outputs; holds what an empty window gives
template <class cell, class accumulated, class folding>
void pool_plane(const plan::pool_windows& windows, const plan::rectangle& input, const cell* cells, const folding& fold,
                accumulated* into) {
  const std::int64_t stride = windows.columns.stride();
  for (const std::int64_t kr : windows.rows.steps()) {
    const auto rows = windows.rows.inside(kr);
    for (const std::int64_t kc : windows.columns.steps()) {
      const auto columns = windows.columns.inside(kc);
      const std::int64_t first = windows.columns.first(kc) - input.column_begin;
      for (std::int64_t r = rows.begin; r < rows.end; ++r) {
        const std::int64_t row = windows.rows.first(kr) + r * windows.rows.stride() - input.row_begin;
        const cell* line = cells + row * input.columns();
        accumulated* target = into + r * windows.columns.outputs();
        const auto fold_line = [&](std::int64_t apart) {
          for (std::int64_t c = columns.begin; c < columns.end; ++c) {
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
