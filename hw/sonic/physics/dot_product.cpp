// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/dot_product.h"

#include <algorithm>

// One clone of the kernels per instruction set, chosen when the program starts. The sanitizers' start-up comes too late
// for that. No clone contracts a multiplication and an addition (-ffp-contract=off), so all give the same bits.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&                       \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SONIC_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SONIC_CLONES
#endif

namespace sonic::physics {

namespace {

/// Adding and subtracting 1.5 x 2^23 rounds a float below 2^22 to the nearest integer, ties to even.
constexpr float rounding = 12582912.0F;

/// What a converter does to a sum.
struct converter {
  float scale, inverse_lsb, full_code;
};

/// Symbols that are worked on at once: their sums stay in the first-level cache.
constexpr std::size_t strip = 256;

[[gnu::always_inline]] inline void convert(const float* sums, std::size_t symbols, const converter& c,
                                           std::int32_t* partial_sums) {
  for (std::size_t s = 0; s < symbols; ++s) {
    const float clamped = std::min(std::max((sums[s] * c.scale) * c.inverse_lsb, -c.full_code), c.full_code);
    partial_sums[s] += static_cast<std::int32_t>((clamped + rounding) - rounding);
  }
}

/// The whole block with the sums in registers, for the few lanes of a CONV unit.
template <std::size_t lanes>
[[gnu::always_inline]] inline void convert_lanes(const float* stationary, const float* const* streams,
                                                 std::size_t symbols, const converter& c,
                                                 std::int32_t* __restrict partial_sums) {
  float weight[lanes];
  const float* stream[lanes];
  for (std::size_t l = 0; l < lanes; ++l) {
    weight[l] = stationary[l];
    stream[l] = streams[l];
  }
  for (std::size_t s = 0; s < symbols; ++s) {
    float sum = weight[0] * stream[0][s];
    for (std::size_t l = 1; l < lanes; ++l) {
      sum = sum + weight[l] * stream[l][s];
    }
    const float clamped = std::min(std::max((sum * c.scale) * c.inverse_lsb, -c.full_code), c.full_code);
    partial_sums[s] += static_cast<std::int32_t>((clamped + rounding) - rounding);
  }
}

template <std::size_t lanes>
[[gnu::always_inline]] inline void add_lanes(const float* stationary, const float* const* streams, std::size_t first,
                                             std::size_t symbols, float* __restrict sums) {
  const float* stream[lanes];
  for (std::size_t l = 0; l < lanes; ++l) {
    stream[l] = streams[l] + first;
  }
  for (std::size_t s = 0; s < symbols; ++s) {
    float sum = sums[s];
    for (std::size_t l = 0; l < lanes; ++l) {
      sum = sum + stationary[l] * stream[l][s];
    }
    sums[s] = sum;
  }
}

/// Any number of lanes, strip by strip, four lanes at a time.
[[gnu::always_inline]] inline void convert_many(std::span<const float> stationary, const float* const* streams,
                                                std::size_t symbols, const converter& c, std::int32_t* partial_sums) {
  float sums[strip];
  for (std::size_t first = 0; first < symbols; first += strip) {
    const std::size_t count = std::min(strip, symbols - first);
    const float* stream = streams[0] + first;
    for (std::size_t s = 0; s < count; ++s) {
      sums[s] = stationary[0] * stream[s];
    }
    std::size_t l = 1;
    for (; l + 4 <= stationary.size(); l += 4) {
      add_lanes<4>(stationary.data() + l, streams + l, first, count, sums);
    }
    for (; l < stationary.size(); ++l) {
      add_lanes<1>(stationary.data() + l, streams + l, first, count, sums);
    }
    convert(sums, count, c, partial_sums + first);
  }
}

} // namespace

SONIC_CLONES
void detect_and_convert(std::span<const float> stationary, const float* const* streams, std::size_t symbols,
                        float scale, float inverse_lsb, float full_code, std::int32_t* partial_sums) {
  const converter c{scale, inverse_lsb, full_code};
  switch (stationary.size()) {
  case 1:
    convert_lanes<1>(stationary.data(), streams, symbols, c, partial_sums);
    break;
  case 2:
    convert_lanes<2>(stationary.data(), streams, symbols, c, partial_sums);
    break;
  case 3:
    convert_lanes<3>(stationary.data(), streams, symbols, c, partial_sums);
    break;
  case 4:
    convert_lanes<4>(stationary.data(), streams, symbols, c, partial_sums);
    break;
  case 5:
    convert_lanes<5>(stationary.data(), streams, symbols, c, partial_sums);
    break;
  default:
    convert_many(stationary, streams, symbols, c, partial_sums);
    break;
  }
}

SONIC_CLONES
void accumulate_exact(std::span<const float> stationary, const float* const* streams, std::size_t symbols, float scale,
                      double* partial_sums) {
  for (std::size_t l = 0; l < stationary.size(); ++l) {
    const double factor = static_cast<double>(stationary[l]) * static_cast<double>(scale);
    const float* stream = streams[l];
    for (std::size_t s = 0; s < symbols; ++s) {
      partial_sums[s] += factor * static_cast<double>(stream[s]);
    }
  }
}

} // namespace sonic::physics
