// SPDX-License-Identifier: Apache-2.0
// What of a layer is moved and finished at a time. No time, no values.
#pragma once

#include "sonic_regs/regs.h"

#include <array>
#include <cstdint>

namespace sonic::plan {

/// Up to four nested loops over pieces of memory, packed one behind the other in the global buffer.
struct transfer_pattern {
  std::uint64_t address = 0;     ///< first byte in memory
  std::uint64_t piece_bytes = 0; ///< contiguous bytes
  std::array<std::uint64_t, 4> counts{1, 1, 1, 1};
  std::array<std::uint64_t, 4> strides{0, 0, 0, 0}; ///< bytes, outermost loop first

  [[nodiscard]] std::uint64_t total_bytes() const {
    return piece_bytes * counts[0] * counts[1] * counts[2] * counts[3];
  }

  /// Calls @p visit with the address of each contiguous run, of piece_bytes, until it says false.
  /// @returns false if it did
  template <class visitor>
  bool each_run(visitor&& visit) const {
    for (std::uint64_t i = 0; i < counts[0]; ++i) {
      for (std::uint64_t j = 0; j < counts[1]; ++j) {
        for (std::uint64_t k = 0; k < counts[2]; ++k) {
          std::uint64_t run = address + i * strides[0] + j * strides[1] + k * strides[2];
          for (std::uint64_t l = 0; l < counts[3]; ++l, run += strides[3]) {
            if (!visit(run)) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }
};

/// A half-open rectangle of rows and columns.
struct rectangle {
  std::int64_t row_begin = 0, row_end = 0, column_begin = 0, column_end = 0;

  [[nodiscard]] std::int64_t rows() const { return row_end - row_begin; }
  [[nodiscard]] std::int64_t columns() const { return column_end - column_begin; }
  [[nodiscard]] std::int64_t area() const { return rows() * columns(); }
};

enum class post_source : std::uint8_t { partial_sums, max_pool, average_pool, elementwise, fill };

/// What the post-processor does with one tile.
struct post_work {
  const regs::descriptor* layer = nullptr;
  post_source source = post_source::partial_sums;
  std::uint64_t channels = 0;     ///< channels in the tile, each with `inner` elements
  std::uint64_t inner = 0;        ///< elements per channel in the tile
  std::uint64_t input_offset = 0; ///< in the global buffer; pools: [channel][input rows][input columns]
  std::uint64_t second_offset = 0;
  std::uint64_t parameter_offset = 0; ///< of the tile's channel records
  std::uint64_t output_offset = 0;
  rectangle input, output; ///< pools: what of the planes is in the buffer, and what to compute
};

} // namespace sonic::plan
