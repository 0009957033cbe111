// SPDX-License-Identifier: Apache-2.0
// The decoder of one row as a block of its own, which RTL can stand for.
#pragma once

#include "sonic/sparse/matrix_image.h"

#include <cstdint>
#include <optional>

namespace sonic::sparse {

/// Decodes rows of images, one after the other.
class row_decoder {
public:
  row_decoder() = default;
  row_decoder(const row_decoder&) = delete;
  row_decoder& operator=(const row_decoder&) = delete;
  virtual ~row_decoder() = default;

  /// @param row  of a checked image, of codes; its bytes must stay until the call returns
  /// @param into receives columns, ascending and inside the matrix, and codes; its capacity is reused, and its values
  ///             are empty
  /// @return cycles that the row keeps the decoder from the next one, when nothing stalls; none: it gave up, and says
  ///         why to whoever made it
  virtual std::optional<std::uint32_t> decode(const packed_row& row, decoded_row& into) = 0;
};

/// Pairs of a column and a code that one cycle can bring out, at most.
inline constexpr std::uint32_t most_decoder_lanes = 8;

/// Cycles that a row keeps a decoder of @p lanes pairs a cycle, hw/rtl/index_decoder.sv, when nothing stalls: one in
/// which its first words come in, and for each word of 64 mask bits, four narrow or two wide columns
/// max(1, ceil(pairs in it / lanes)). A row of CSR without non-zeros has no words: one cycle.
/// @param lanes 1 to most_decoder_lanes
std::uint32_t decoder_cycles(const packed_row& row, std::uint32_t lanes);

} // namespace sonic::sparse
