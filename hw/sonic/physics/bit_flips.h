// SPDX-License-Identifier: Apache-2.0
// Bits of a memory that are read wrongly, each on its own with one probability.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sonic::physics {

/// Which of @p bits bits are read wrongly at an address, ascending. Costs as many draws as there are flips, and one.
/// @param probability of each bit, 0 to 1
/// @param address     what is read: two addresses have nothing in common; the first word below 2^16
std::vector<std::uint64_t> flipped_bits(double probability, std::uint64_t bits, std::uint64_t seed,
                                        const std::array<std::uint32_t, 3>& address);

} // namespace sonic::physics
