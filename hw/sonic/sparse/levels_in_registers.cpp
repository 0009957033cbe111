// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/levels_in_registers.h"

#include "sonic/sparse/image_layout.h"

#include <algorithm>
#include <array>
#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace sonic::sparse {

#ifdef __x86_64__

namespace {

constexpr std::size_t lanes = 16;
static_assert(level_table::most_padded == 4 * lanes);

#define SONIC_AVX512 inline __attribute__((target("avx512f"), always_inline))

using words = std::uint64_t __attribute__((vector_size(64)));
using integers = std::uint32_t __attribute__((vector_size(64)));
using floats = float __attribute__((vector_size(64)));

/// Sixteen codes at a time, from any place. As unpack() does, eight from each of two 64-bit windows.
class code_reader {
public:
  SONIC_AVX512 explicit code_reader(const packed_codes& codes)
      : section_(codes.section), bits_(codes.bits),
        shifts_(reinterpret_cast<words>(integers{0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0} * codes.bits)),
        mask_(integers{} + ((1U << codes.bits) - 1U)) {}

  /// The codes from number @p first on, of which at least one lies in the section.
  [[nodiscard]] SONIC_AVX512 integers read(std::uint64_t first) const {
    const std::uint64_t bit = first * bits_;
    const auto at = static_cast<std::size_t>(bit / 8);
    const words shifts = shifts_ + bit % 8;
    const std::uint8_t* from = section_.data() + at;
    std::array<std::uint8_t, 2 * window> end;
    if (section_.size() - at < bits_ + window) {
      end = {};
      std::copy(section_.begin() + static_cast<std::ptrdiff_t>(at), section_.end(), end.begin());
      from = end.data();
    }
    const words lower = (words{} + load<std::uint64_t>(from)) >> shifts;
    const words upper = (words{} + load<std::uint64_t>(from + bits_)) >> shifts;
    const integers low_halves{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
    const auto both = _mm512_permutex2var_epi32(reinterpret_cast<__m512i>(lower), reinterpret_cast<__m512i>(low_halves),
                                                reinterpret_cast<__m512i>(upper));
    return reinterpret_cast<integers>(both) & mask_;
  }

private:
  static constexpr std::size_t window = sizeof(std::uint64_t);
  std::span<const std::uint8_t> section_;
  std::uint32_t bits_;
  words shifts_;
  integers mask_;
};

class register_table {
public:
  SONIC_AVX512 explicit register_table(const level_table& levels) {
    std::memcpy(&levels_, levels.padded().data(), sizeof(levels_));
  }

  /// Of codes that @p wanted has a bit for; the others are zeros, and so are their levels.
  [[nodiscard]] SONIC_AVX512 floats look_up(const integers& codes, __mmask16 wanted) const {
    const auto index = reinterpret_cast<__m512i>(codes);
    const floats low = _mm512_maskz_permutex2var_ps(wanted, levels_[0], index, levels_[1]);
    const floats high = _mm512_permutex2var_ps(levels_[2], index, levels_[3]);
    return codes < 2 * lanes ? low : high;
  }

private:
  __m512 levels_[4];
};

SONIC_AVX512 integers larger_of(const integers& a, const integers& b) {
  return a > b ? a : b;
}

SONIC_AVX512 bool all_below(const integers& numbers, std::size_t limit) {
  const integers limits = integers{} + static_cast<std::uint32_t>(limit);
  return _mm512_cmpge_epu32_mask(reinterpret_cast<__m512i>(numbers), reinterpret_cast<__m512i>(limits)) == 0;
}

} // namespace

bool fits_registers(const level_table& levels) {
  static const bool able = __builtin_cpu_supports("avx512f") != 0;
  return able && levels.codebook().size() <= level_table::most_padded;
}

__attribute__((target("avx512f"))) bool look_up_in_registers(const packed_codes& codes, const level_table& levels,
                                                             std::span<float> values) {
  const code_reader reader(codes);
  const register_table table(levels);
  integers largest{};
  std::size_t done = 0;
  for (; done + lanes <= values.size(); done += lanes) {
    const integers found = reader.read(codes.first + done);
    largest = larger_of(largest, found);
    _mm512_storeu_ps(values.data() + done, table.look_up(found, 0xFFFF));
  }
  if (done < values.size()) {
    const auto left = static_cast<__mmask16>((1U << (values.size() - done)) - 1U);
    const auto last = _mm512_maskz_mov_epi32(left, reinterpret_cast<__m512i>(reader.read(codes.first + done)));
    const auto found = reinterpret_cast<integers>(last);
    largest = larger_of(largest, found);
    _mm512_mask_storeu_ps(values.data() + done, left, table.look_up(found, left));
  }
  return all_below(largest, levels.codebook().size());
}

#undef SONIC_AVX512

#else

bool fits_registers(const level_table& /*levels*/) {
  return false;
}

bool look_up_in_registers(const packed_codes& /*codes*/, const level_table& /*levels*/, std::span<float> /*values*/) {
  return false;
}

#endif

} // namespace sonic::sparse
