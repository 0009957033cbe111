// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/block_kernels.h"

#include <algorithm>
#include <bit>

// Everything below is inlined into the functions that carry the attribute of an instruction set. None of them contracts
// a multiplication and an addition (-ffp-contract=off).
#define SONIC_INLINE [[gnu::always_inline]] inline
#define SONIC_LAMBDA __attribute__((always_inline))

namespace sonic::physics {

namespace {

/// Adding 1.5 x 2^23 to a float below 2^22 rounds it to the nearest integer, ties to even, which then is what the sum's
/// bits are more than those of the constant.
constexpr float rounding = 12582912.0F;

/// What a converter does to a sum.
struct converter {
  float scale, inverse_lsb, full_code;
};

/// Lanes whose streams are read in one loop.
constexpr std::size_t group = 8;
/// Symbols that more lanes than that are worked on at once: their sums stay in the first-level cache.
constexpr std::size_t strip = 256;

SONIC_INLINE std::int32_t code_of(float sum, const converter& c) {
  // In this order the comparisons drop a NaN, and are one machine instruction each.
  const float clamped = std::min(c.full_code, std::max(-c.full_code, (sum * c.scale) * c.inverse_lsb));
  return std::bit_cast<std::int32_t>(clamped + rounding) - std::bit_cast<std::int32_t>(rounding);
}

SONIC_INLINE void convert_sums(const float* sums, std::size_t symbols, const converter& c, std::int32_t* partial_sums) {
  for (std::size_t s = 0; s < symbols; ++s) {
    partial_sums[s] += code_of(sums[s], c);
  }
}

/// The factors and rows of a few lanes, where the compiler can keep them in registers.
template <std::size_t lanes>
struct lane_set {
  float factor[lanes];
  const float* stream[lanes];

  SONIC_INLINE lane_set(const float* stationary, const float* const* streams, std::size_t first) {
    for (std::size_t l = 0; l < lanes; ++l) {
      factor[l] = stationary[l];
      stream[l] = streams[l] + first;
    }
  }
  /// The first lanes of a sum.
  SONIC_INLINE float begin(std::size_t s) const {
    float sum = factor[0] * stream[0][s];
    for (std::size_t l = 1; l < lanes; ++l) {
      sum = sum + factor[l] * stream[l][s];
    }
    return sum;
  }
  /// Further lanes of a sum.
  SONIC_INLINE float add(float sum, std::size_t s) const {
    for (std::size_t l = 0; l < lanes; ++l) {
      sum = sum + factor[l] * stream[l][s];
    }
    return sum;
  }
};

template <std::size_t lanes>
SONIC_INLINE void begin_sums(const lane_set<lanes>& light, std::size_t symbols, float* __restrict sums) {
  for (std::size_t s = 0; s < symbols; ++s) {
    sums[s] = light.begin(s);
  }
}

template <std::size_t lanes>
SONIC_INLINE void add_sums(const lane_set<lanes>& light, std::size_t symbols, float* __restrict sums) {
  for (std::size_t s = 0; s < symbols; ++s) {
    sums[s] = light.add(sums[s], s);
  }
}

/// Calls work with the number of lanes, 1 to `most`, as a compile-time constant.
template <std::size_t most, class work>
SONIC_INLINE void with_lanes(std::size_t lanes, const work& run) {
  if (lanes == most) {
    run.template operator()<most>();
  } else if constexpr (most > 1) {
    with_lanes<most - 1>(lanes, run);
  }
}

/// Symbols [first, first + symbols) of any number of lanes.
SONIC_INLINE void detect_strip(std::span<const float> stationary, const float* const* streams, std::size_t first,
                               std::size_t symbols, float* sums) {
  const float* factors = stationary.data();
  with_lanes<group>(std::min(group, stationary.size()), [&]<std::size_t lanes>() SONIC_LAMBDA {
    begin_sums(lane_set<lanes>(factors, streams, first), symbols, sums);
  });
  std::size_t l = group;
  for (; l + group <= stationary.size(); l += group) {
    add_sums(lane_set<group>(factors + l, streams + l, first), symbols, sums);
  }
  if (l < stationary.size()) {
    with_lanes<group - 1>(stationary.size() - l, [&]<std::size_t lanes>() SONIC_LAMBDA {
      add_sums(lane_set<lanes>(factors + l, streams + l, first), symbols, sums);
    });
  }
}

SONIC_INLINE void detect_block(std::span<const float> stationary, const float* const* streams, std::size_t symbols,
                               float* sums) {
  for (std::size_t first = 0; first < symbols; first += strip) {
    detect_strip(stationary, streams, first, std::min(strip, symbols - first), sums + first);
  }
}

SONIC_INLINE void detect_and_convert_block(std::span<const float> stationary, const float* const* streams,
                                           std::size_t symbols, const converter& c, std::int32_t* partial_sums) {
  if (stationary.size() <= group) {
    with_lanes<group>(stationary.size(), [&]<std::size_t lanes>() SONIC_LAMBDA {
      const lane_set<lanes> light(stationary.data(), streams, 0);
      for (std::size_t s = 0; s < symbols; ++s) {
        partial_sums[s] += code_of(light.begin(s), c);
      }
    });
    return;
  }
  float sums[strip];
  for (std::size_t first = 0; first < symbols; first += strip) {
    const std::size_t count = std::min(strip, symbols - first);
    detect_strip(stationary, streams, first, count, sums);
    convert_sums(sums, count, c, partial_sums + first);
  }
}

template <std::size_t lanes>
SONIC_INLINE void accumulate_lanes(const float* stationary, const float* const* streams, std::size_t symbols,
                                   double scale, double* partial_sums) {
  double factor[lanes];
  const float* stream[lanes];
  for (std::size_t l = 0; l < lanes; ++l) {
    factor[l] = static_cast<double>(stationary[l]) * scale;
    stream[l] = streams[l];
  }
  for (std::size_t s = 0; s < symbols; ++s) {
    double sum = partial_sums[s];
    for (std::size_t l = 0; l < lanes; ++l) {
      sum = sum + factor[l] * static_cast<double>(stream[l][s]);
    }
    partial_sums[s] = sum;
  }
}

SONIC_INLINE void accumulate_block(std::span<const float> stationary, const float* const* streams, std::size_t symbols,
                                   float scale, double* partial_sums) {
  std::size_t l = 0;
  for (; l + group <= stationary.size(); l += group) {
    accumulate_lanes<group>(stationary.data() + l, streams + l, symbols, scale, partial_sums);
  }
  if (l < stationary.size()) {
    with_lanes<group - 1>(stationary.size() - l, [&]<std::size_t lanes>() SONIC_LAMBDA {
      accumulate_lanes<lanes>(stationary.data() + l, streams + l, symbols, scale, partial_sums);
    });
  }
}

} // namespace

#ifdef __x86_64__
#define SONIC_TARGET(features) [[gnu::target(features)]]
#else
#define SONIC_TARGET(features)
#endif

// The four functions and their table for one instruction set.
#define SONIC_KERNELS(set, features)                                                                                   \
  namespace set {                                                                                                      \
  SONIC_TARGET(features)                                                                                               \
  void detect(std::span<const float> stationary, const float* const* streams, std::size_t symbols, float* sums) {      \
    detect_block(stationary, streams, symbols, sums);                                                                  \
  }                                                                                                                    \
  SONIC_TARGET(features)                                                                                               \
  void convert(const float* sums, std::size_t symbols, float scale, float inverse_lsb, float full_code,                \
               std::int32_t* partial_sums) {                                                                           \
    convert_sums(sums, symbols, {scale, inverse_lsb, full_code}, partial_sums);                                        \
  }                                                                                                                    \
  SONIC_TARGET(features)                                                                                               \
  void detect_and_convert(std::span<const float> stationary, const float* const* streams, std::size_t symbols,         \
                          float scale, float inverse_lsb, float full_code, std::int32_t* partial_sums) {               \
    detect_and_convert_block(stationary, streams, symbols, {scale, inverse_lsb, full_code}, partial_sums);             \
  }                                                                                                                    \
  SONIC_TARGET(features)                                                                                               \
  void accumulate_exact(std::span<const float> stationary, const float* const* streams, std::size_t symbols,           \
                        float scale, double* partial_sums) {                                                           \
    accumulate_block(stationary, streams, symbols, scale, partial_sums);                                               \
  }                                                                                                                    \
  constexpr block_kernels kernels{detect, convert, detect_and_convert, accumulate_exact};                              \
  }

namespace {

SONIC_KERNELS(baseline, "sse2") // every 64-bit x86 has it
#ifdef __x86_64__
SONIC_KERNELS(avx2, "avx2")
SONIC_KERNELS(avx512f, "avx512f")
#endif

} // namespace

const block_kernels* kernels_for(instruction_set set) {
#ifdef __x86_64__
  if (set == instruction_set::avx512f) {
    return __builtin_cpu_supports("avx512f") != 0 ? &avx512f::kernels : nullptr;
  }
  if (set == instruction_set::avx2) {
    return __builtin_cpu_supports("avx2") != 0 ? &avx2::kernels : nullptr;
  }
#endif
  return set == instruction_set::baseline ? &baseline::kernels : nullptr;
}

} // namespace sonic::physics
