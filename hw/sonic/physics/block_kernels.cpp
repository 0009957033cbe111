// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/block_kernels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace sonic::physics {

namespace {

/// Adding 1.5 x 2^23 to a float below 2^22 rounds it to the nearest integer, ties to even, which then is what the sum's
/// bits are more than those of the constant.
constexpr float rounding = 12582912.0F;
constexpr auto rounding_bits = std::bit_cast<std::int32_t>(rounding);

/// Most lanes whose factors and rows are kept in registers: more go through sums in memory.
constexpr std::size_t group = 8;
/// Symbols that those are worked on at once: their sums stay in the first-level cache.
constexpr std::size_t strip = 256;
/// Blocks that are put in order of their lanes at once.
constexpr std::uint32_t batch = 256;

/// Where codes are limited: as floats before they are rounded, or as integers after it, which is faster and the same
/// where no sum leaves what rounding by a constant can do.
enum class limit : bool { before, after };

/// Blocks of a sequence of at most `group` lanes, those of as many lanes one behind the other.
struct ordered_blocks {
  block_sequence sequence;
  std::array<std::uint32_t, batch + 16> first_lanes; ///< and room for a vector written at the end
  std::array<std::uint32_t, group + 1> ends{};       ///< blocks of l lanes are [ends[l - 1], ends[l])

  [[nodiscard]] std::uint32_t count() const { return ends[group]; }
  /// First lanes of the blocks of so many lanes.
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t lanes) const {
    return {first_lanes.data() + ends[lanes - 1], ends[lanes] - ends[lanes - 1]};
  }
};

} // namespace

// The same source for each instruction set: SONIC_VECTOR is its width in bytes.
#define SONIC_VECTOR 16
namespace baseline {
#include "sonic/physics/block_kernels.inc"
} // namespace baseline
#undef SONIC_VECTOR

#ifdef __x86_64__
#pragma GCC push_options
#pragma GCC target("avx2")
#define SONIC_VECTOR 32
namespace avx2 {
#include "sonic/physics/block_kernels.inc"
} // namespace avx2
#undef SONIC_VECTOR
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f")
#define SONIC_VECTOR 64
namespace avx512f {
#include "sonic/physics/block_kernels.inc"
} // namespace avx512f
#undef SONIC_VECTOR
#pragma GCC pop_options
#endif

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
