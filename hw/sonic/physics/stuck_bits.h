// SPDX-License-Identifier: Apache-2.0
// An ADC whose output has bits that never change.
#pragma once

#include "sonic/physics/dot_product.h"

#include <cstdint>
#include <vector>

namespace sonic::physics {

/// Codes are two's complement: bit 0 is the least, bit width - 1 the sign.
struct stuck_bits {
  std::uint32_t zeros = 0, ones = 0; ///< masks of the bits stuck at 0, at 1; no bit is in both
  unsigned int width = 16;           ///< bits of a code, 2 to 31

  [[nodiscard]] bool none() const { return zeros == 0 && ones == 0; }
  /// A code as it is read, from -2^(width - 1) to 2^(width - 1) - 1.
  [[nodiscard]] std::int32_t read(std::int32_t code) const {
    constexpr unsigned int word = 32;
    const std::uint32_t bits = (static_cast<std::uint32_t>(code) & ~zeros) | ones;
    return static_cast<std::int32_t>(bits << (word - width)) >> (word - width);
  }
};

/// detect_and_convert by an ADC with stuck bits: each code is read before it is added.
/// @param codes a place to work
void detect_and_convert_stuck(const block_sequence& blocks, std::size_t symbols, const conversion& how,
                              const stuck_bits& stuck, std::vector<std::int32_t>& codes, std::int32_t* partial_sums);

} // namespace sonic::physics
