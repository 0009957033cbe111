// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace sonic::sparse {

/// Reads codes that are packed least significant bit first.
/// @param section   bytes that hold them; none behind its end is read
/// @param first     number of codes before the first one wanted
/// @param code_bits 1 to 8
/// @param codes     receives as many as it has room for; all of them must lie in the section
void unpack(std::span<const std::uint8_t> section, std::uint64_t first, std::uint32_t code_bits,
            std::span<std::uint16_t> codes);

} // namespace sonic::sparse
