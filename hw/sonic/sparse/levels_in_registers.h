// SPDX-License-Identifier: Apache-2.0
// Codes looked up in a codebook that the processor's registers hold, with AVX-512.
#pragma once

#include "sonic/sparse/levels.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sonic::sparse {

/// Packed codes from number `first` on.
struct packed_codes {
  std::span<const std::uint8_t> section;
  std::uint64_t first;
  std::uint32_t bits; ///< of a code, 1 to 8
};

/// True if this processor can, and the codebook is not too large.
bool fits_registers(const level_table& levels);

/// As unpack_levels(), if it fits.
[[nodiscard]] bool look_up_in_registers(const packed_codes& codes, const level_table& levels, std::span<float> values);

} // namespace sonic::sparse
