// SPDX-License-Identifier: Apache-2.0
// One block: L stationary values times L streams of S symbols, in the float32 arithmetic of docs/numbers.md. The loops
// run over symbols, so that a compiler vectorises them without changing the order of any symbol's additions. All are
// inlined, into functions of any instruction set.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sonic::reference {

/// Analog-to-digital converter behind the broadband ring.
struct converter {
  float transmission = 1.0F;
  float inverse_lsb = 1.0F;
  float full = 32767.0F; ///< largest magnitude of a code, below 2^22

  [[nodiscard]] std::int32_t operator()(float sum) const {
    // In this binade floats are integers: adding its middle rounds half to even, whatever the rounding of casts.
    constexpr float binade = 12582912.0F; // 1.5 * 2^23
    const float scaled = (sum * transmission) * inverse_lsb;
    const float clamped = std::max(-full, std::min(full, scaled));
    return static_cast<std::int32_t>((clamped + binade) - binade);
  }
};

/// sums[s] = (continues ? sums[s] : 0) + sum of levels[i] * streams[i][s], i ascending.
template <std::size_t lanes, bool continues>
[[gnu::always_inline]] inline void add_lanes(const float* levels, const float* const* streams, std::size_t symbols,
                                             float* __restrict sums) {
  const float* lane[lanes];
  float level[lanes];
  for (std::size_t i = 0; i < lanes; ++i) {
    lane[i] = streams[i];
    level[i] = levels[i];
  }
  for (std::size_t s = 0; s < symbols; ++s) {
    float sum = continues ? sums[s] + level[0] * lane[0][s] : level[0] * lane[0][s];
    for (std::size_t i = 1; i < lanes; ++i) {
      sum = sum + level[i] * lane[i][s];
    }
    sums[s] = sum;
  }
}

template <bool continues>
[[gnu::always_inline]] inline void add_up_to_5(std::size_t lanes, const float* levels, const float* const* streams,
                                               std::size_t symbols, float* sums) {
  switch (lanes) {
  case 1:
    return add_lanes<1, continues>(levels, streams, symbols, sums);
  case 2:
    return add_lanes<2, continues>(levels, streams, symbols, sums);
  case 3:
    return add_lanes<3, continues>(levels, streams, symbols, sums);
  case 4:
    return add_lanes<4, continues>(levels, streams, symbols, sums);
  default:
    return add_lanes<5, continues>(levels, streams, symbols, sums);
  }
}

/// Analog sums of a block of any length.
[[gnu::always_inline]] inline void add_block(std::size_t lanes, const float* levels, const float* const* streams,
                                             std::size_t symbols, float* sums) {
  constexpr std::size_t step = 5;
  add_up_to_5<false>(std::min(lanes, step), levels, streams, symbols, sums);
  for (std::size_t i = step; i < lanes; i += step) {
    add_up_to_5<true>(std::min(lanes - i, step), levels + i, streams + i, symbols, sums);
  }
}

/// Adds the converted sums to the accumulators.
[[gnu::always_inline]] inline void convert_block(const converter& adc, const float* sums, std::size_t symbols,
                                                 std::int32_t* __restrict totals) {
  const converter local = adc;
  for (std::size_t s = 0; s < symbols; ++s) {
    totals[s] += local(sums[s]);
  }
}

/// Largest |sum * transmission|, none of which is a NaN.
[[gnu::always_inline]] inline float largest_magnitude(float transmission, const float* sums, std::size_t symbols) {
  // The bits of floats without sign are in the order of their magnitudes, and compare many at a time.
  std::int32_t largest = 0;
  for (std::size_t s = 0; s < symbols; ++s) {
    largest = std::max(largest, std::bit_cast<std::int32_t>(sums[s] * transmission) & 0x7FFFFFFF);
  }
  return std::bit_cast<float>(largest);
}

} // namespace sonic::reference
