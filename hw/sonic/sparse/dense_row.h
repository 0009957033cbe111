// SPDX-License-Identifier: Apache-2.0
// Rows of floats with their zeros; each function runs with the best instructions that the processor has.
#pragma once

#include <cstdint>
#include <span>

namespace sonic::sparse {

/// Number of zeros in @p values.
std::uint32_t count_zeros(std::span<const float> values);

/// Lays values out at the columns whose bit of @p mask is set, the least significant first, and zeros at the others.
/// @param values  as many as there are bits set
/// @param columns of the mask, which has no bits behind them in its last byte
/// @param dense   room for as many
void expand(const std::uint8_t* mask, std::size_t columns, const float* values, float* dense);

} // namespace sonic::sparse
