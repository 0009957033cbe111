// SPDX-License-Identifier: Apache-2.0
// Tiles of windowed operations, for tests.
#pragma once

#include "sonic/tlm/jobs.h"
#include "tests/support/graph_builder.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::tests {

/// Any part of a layer's outputs.
inline transport::rectangle random_tile(const regs::descriptor& d, random_source& random) {
  transport::rectangle output;
  output.row_begin = random.integer(0, d.out_height - 1);
  output.row_end = random.integer(output.row_begin + 1, d.out_height);
  output.column_begin = random.integer(0, d.out_width - 1);
  output.column_end = random.integer(output.column_begin + 1, d.out_width);
  return output;
}

/// A rectangle of an image [channel][row][column], one plane behind the other.
inline std::vector<std::uint16_t> cut_out(const regs::descriptor& d, std::uint32_t channels,
                                          const transport::rectangle& input, const std::vector<std::uint16_t>& image) {
  std::vector<std::uint16_t> cells;
  for (std::uint32_t channel = 0; channel < channels; ++channel) {
    for (std::int64_t y = input.row_begin; y < input.row_end; ++y) {
      for (std::int64_t x = input.column_begin; x < input.column_end; ++x) {
        cells.push_back(image[static_cast<std::size_t>((std::int64_t{channel} * d.in_height + y) * d.in_width + x)]);
      }
    }
  }
  return cells;
}

} // namespace sonic::tests
