// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/dense_row.h"

#include "sonic/core/instruction_sets.h"
#include "sonic/sparse/image_layout.h"

#include <algorithm>
#include <bit>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace sonic::sparse {

namespace {

void expand_bit_by_bit(const std::uint8_t* mask, std::size_t columns, const float* values, float* dense) {
  std::fill_n(dense, columns, 0.0F);
  for (std::size_t at = 0; at < columns; at += mask_word_bits) {
    for (std::uint64_t word = mask_word(mask, at / 8, mask_bytes(columns)); word != 0; word &= word - 1) {
      dense[at + static_cast<std::size_t>(std::countr_zero(word))] = *values++;
    }
  }
}

#ifdef __x86_64__
__attribute__((target("avx512f,popcnt"))) void expand_vectors(const std::uint8_t* mask, std::size_t columns,
                                                              const float* values, float* dense) {
  constexpr std::size_t lanes = 16;
  std::size_t at = 0;
  for (; at + lanes <= columns; at += lanes) {
    const auto bits = load<std::uint16_t>(mask + at / 8);
    _mm512_storeu_ps(dense + at, _mm512_maskz_expandloadu_ps(bits, values));
    values += std::popcount(bits);
  }
  if (at < columns) {
    const auto bits = static_cast<std::uint16_t>(mask_word(mask, at / 8, mask_bytes(columns)));
    const auto left = static_cast<std::uint16_t>((1U << (columns - at)) - 1U);
    _mm512_mask_storeu_ps(dense + at, left, _mm512_maskz_expandloadu_ps(bits, values));
  }
}
#endif

} // namespace

SONIC_EACH_INSTRUCTION_SET
std::uint32_t count_zeros(std::span<const float> values) {
  std::uint32_t zeros = 0;
  for (const float v : values) {
    zeros += v == 0.0F ? 1U : 0U;
  }
  return zeros;
}

void expand(const std::uint8_t* mask, std::size_t columns, const float* values, float* dense) {
#ifdef __x86_64__
  static const bool vectors = __builtin_cpu_supports("avx512f") != 0;
  if (vectors) {
    expand_vectors(mask, columns, values, dense);
    return;
  }
#endif
  expand_bit_by_bit(mask, columns, values, dense);
}

} // namespace sonic::sparse
