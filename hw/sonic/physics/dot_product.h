// SPDX-License-Identifier: Apache-2.0
// A block of the vector-dot-product unit: the light of L lanes summed on the detector for S symbols, and its
// conversion. Plain loops over contiguous symbols, so that the compiler vectorises; every symbol's own sum has a fixed
// order, so that no bit depends on the vector width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sonic::physics {

/// The analog sums of one block (docs/numbers.md: Light). For each symbol s: sum = stationary[0] * streams[0][s], then
/// sum = sum + stationary[l] * streams[l][s] in lane order, each operation rounded to float.
/// @param stationary what the rings transmit, with the sign of the detector's arm; at least one lane
/// @param streams    one row of @p symbols values per lane
/// @param sums       receives @p symbols values; apart from the streams
void detect(std::span<const float> stationary, const float* const* streams, std::size_t symbols, float* sums);

/// Adds the ADC's codes of analog sums to partial sums (docs/numbers.md: Broadband ring, ADC):
/// code = round_half_even(clamp((sum * scale) * inverse_lsb, -full_code, full_code)); a NaN reads as -full_code.
/// @param scale       transmission of the broadband ring
/// @param inverse_lsb codes per unit of the scaled sum
/// @param full_code   largest magnitude of a code, at most 2^21
void convert(const float* sums, std::size_t symbols, float scale, float inverse_lsb, float full_code,
             std::int32_t* partial_sums);

/// detect and convert in one pass, with the same bits.
void detect_and_convert(std::span<const float> stationary, const float* const* streams, std::size_t symbols,
                        float scale, float inverse_lsb, float full_code, std::int32_t* partial_sums);

/// Adds the exact sums of one block to partial sums: (stationary[l] * scale) * streams[l][s], products and sums in
/// double, in lane order.
void accumulate_exact(std::span<const float> stationary, const float* const* streams, std::size_t symbols, float scale,
                      double* partial_sums);

} // namespace sonic::physics
