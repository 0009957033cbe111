// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/row_decoder.h"

#include "sonic/sparse/image_layout.h"

#include <algorithm>

namespace sonic::sparse {

namespace {

constexpr std::uint32_t cycles_of_word(std::uint32_t pairs, std::uint32_t lanes) {
  return std::max(1U, (pairs + lanes - 1) / lanes);
}

} // namespace

std::uint32_t decoder_cycles(const packed_row& row, std::uint32_t lanes) {
  if (row.layout == format::csr) {
    const std::uint32_t per_word = row.wide ? 2 : 4;
    const std::uint32_t left = row.nonzeros % per_word;
    return 1 + row.nonzeros / per_word * cycles_of_word(per_word, lanes) + (left > 0 ? cycles_of_word(left, lanes) : 0);
  }
  std::uint32_t cycles = 1;
  for (std::size_t at = 0; at < row.index.size(); at += mask_word_bytes) {
    cycles += cycles_of_word(
        static_cast<std::uint32_t>(std::popcount(mask_word(row.index.data(), at, row.index.size()))), lanes);
  }
  return cycles;
}

} // namespace sonic::sparse
