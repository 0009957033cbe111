// SPDX-License-Identifier: Apache-2.0
// Where the sections of an image lie; for the codecs of this folder alone. docs/sparse.md draws the same.
#pragma once

#include "sonic/sparse/matrix_image.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace sonic::sparse {

static_assert(std::endian::native == std::endian::little, "images are little-endian and read in place");

inline constexpr std::uint32_t image_magic = 0x50534E53; // 'SNSP'
inline constexpr std::uint8_t image_version = 1;
inline constexpr std::uint32_t most_code_bits = 8;

/// The first 32 bytes of an image.
struct image_header {
  std::uint32_t magic;
  std::uint8_t version, layout, code_bits, reserved;
  std::uint32_t rows, columns, nonzeros, total_bytes;
  std::uint32_t reserved_words[2];
};
static_assert(sizeof(image_header) == header_bytes);

template <class value>
value load(const std::uint8_t* from) {
  value v;
  std::memcpy(&v, from, sizeof(v));
  return v;
}

constexpr std::uint64_t align4(std::uint64_t bytes) {
  return (bytes + 3) / 4 * 4;
}

constexpr std::uint64_t mask_bytes(std::uint64_t columns) {
  return (columns + 7) / 8;
}

constexpr std::size_t mask_word_bytes = sizeof(std::uint64_t);
constexpr std::size_t mask_word_bits = 8 * mask_word_bytes;

/// The bytes of a mask from byte @p at on, at most eight, as a word; zeros behind its end.
inline std::uint64_t mask_word(const std::uint8_t* mask, std::size_t at, std::size_t bytes) {
  if (bytes - at >= mask_word_bytes) {
    return load<std::uint64_t>(mask + at);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, mask + at, bytes - at);
  return word;
}

/// Column indices of narrow matrices take 16 bits.
constexpr std::uint64_t index_bytes(std::uint64_t columns) {
  return columns <= 65536 ? 2 : 4;
}

/// Masks or column indices, without the padding that follows. No product of 32-bit factors overflows here or below.
constexpr std::uint64_t index_payload(format layout, std::uint64_t rows, std::uint64_t columns,
                                      std::uint64_t nonzeros) {
  return layout == format::bitmask ? rows * mask_bytes(columns) : nonzeros * index_bytes(columns);
}

/// Codes or floats, without the padding that follows.
constexpr std::uint64_t value_payload(std::uint64_t nonzeros, std::uint32_t code_bits) {
  return (nonzeros * code_bits + 7) / 8;
}

} // namespace sonic::sparse
