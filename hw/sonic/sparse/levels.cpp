// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/levels.h"

#include "sonic/core/instruction_sets.h"
#include "sonic/sparse/levels_in_registers.h"
#include "sonic/sparse/unpack.h"

#include <algorithm>
#include <array>

namespace sonic::sparse {

namespace {

SONIC_EACH_INSTRUCTION_SET
std::uint16_t largest_of(const std::uint16_t* codes, std::size_t count) {
  std::uint16_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    largest = std::max(largest, codes[i]);
  }
  return largest;
}

bool look_up(std::span<const std::uint8_t> section, std::uint64_t first, std::uint32_t code_bits,
             std::span<const float> codebook, std::span<float> values) {
  std::array<std::uint16_t, 512> codes;
  for (std::size_t done = 0; done < values.size(); done += codes.size()) {
    const std::size_t count = std::min(codes.size(), values.size() - done);
    unpack(section, first + done, code_bits, {codes.data(), count});
    if (largest_of(codes.data(), count) >= codebook.size()) {
      return false;
    }
    for (std::size_t i = 0; i < count; ++i) {
      values[done + i] = codebook[codes[i]];
    }
  }
  return true;
}

} // namespace

level_table::level_table(std::span<const float> codebook) : codebook_(codebook) {
  std::copy_n(codebook.begin(), std::min(codebook.size(), padded_.size()), padded_.begin());
}

bool unpack_levels(std::span<const std::uint8_t> section, std::uint64_t first, std::uint32_t code_bits,
                   const level_table& levels, std::span<float> values) {
  if (values.empty()) {
    return true;
  }
  if (fits_registers(levels)) {
    return look_up_in_registers({section, first, code_bits}, levels, values);
  }
  return look_up(section, first, code_bits, levels.codebook(), values);
}

} // namespace sonic::sparse
