// SPDX-License-Identifier: Apache-2.0
// Blocks of the vector-dot-product unit: the light of L lanes summed on the detector for S symbols, and its conversion.
// Every symbol's own sum has a fixed order, so that no bit depends on the vector width.
#pragma once

#include "sonic/physics/noise_pool.h"

#include <cstddef>
#include <cstdint>
#include <limits>

namespace sonic::physics {

/// What the lanes of one block carry: stationary[l] on ring l, and on laser l a row of the streams: for each symbol s,
/// streams[offsets[rows[l]] + s].
struct lanes {
  const float* stationary = nullptr; ///< what the rings transmit, with the sign of the detector's arm
  const float* streams = nullptr;
  const std::uint32_t* offsets = nullptr; ///< of every row
  const std::uint32_t* rows = nullptr;    ///< of each lane
  std::uint32_t count = 0;                ///< at least 1
};

/// Blocks one behind the other on the same streams. Block i has the lanes from where the block before ends to ends[i].
struct block_sequence {
  const float* stationary = nullptr; ///< of every lane
  const float* streams = nullptr;
  const std::uint32_t* offsets = nullptr; ///< of every row
  const std::uint32_t* rows = nullptr;    ///< of every lane
  const std::uint32_t* ends = nullptr;    ///< of every block, counted as the lanes are
  std::uint32_t first_lane = 0;           ///< of the first block
  std::uint32_t count = 0;                ///< of blocks

  [[nodiscard]] lanes operator[](std::size_t block) const {
    const std::uint32_t begin = block == 0 ? first_lane : ends[block - 1];
    return {stationary + begin, streams, offsets, rows + begin, ends[block] - begin};
  }
};

/// What happens to analog sums (docs/numbers.md: Broadband ring, ADC):
/// code = round_half_even(clamp((sum * scale) * inverse_lsb + noise, -full_code, full_code)); a NaN reads as
/// -full_code.
struct conversion {
  float scale = 1.0F;       ///< transmission of the broadband ring, 0 to 1
  float inverse_lsb = 1.0F; ///< codes per unit of the scaled sum, positive
  float full_code = 0.0F;   ///< largest magnitude of a code, at most 2^21
  /// No sum is larger in magnitude; infinity if that is not known. Only for speed.
  float largest_sum = std::numeric_limits<float>::infinity();
  /// Of the blocks of detect_and_convert; none: no noise. convert() has none.
  const code_noise* noise = nullptr;
};

/// The analog sums of one block (docs/numbers.md: Light). For each symbol: sum = stationary[0] * stream 0, then
/// sum = sum + stationary[l] * stream l in lane order, each operation rounded to float.
/// @param sums receives @p symbols values; apart from the streams
void detect(const lanes& block, std::size_t symbols, float* sums);

/// Adds the ADC's codes of analog sums to partial sums.
void convert(const float* sums, std::size_t symbols, const conversion& how, std::int32_t* partial_sums);

/// detect and convert of blocks that add to the same partial sums, with the same bits. (Integers add in any order.)
void detect_and_convert(const block_sequence& blocks, std::size_t symbols, const conversion& how,
                        std::int32_t* partial_sums);

/// Adds the exact sums of one block to partial sums: (stationary[l] * scale) * stream l, products and sums in double,
/// in lane order.
void accumulate_exact(const lanes& block, std::size_t symbols, float scale, double* partial_sums);

} // namespace sonic::physics
