// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/image_layout.h"

#include <algorithm>
#include <limits>

namespace sonic::sparse {

namespace {

bool is_zero(std::int16_t code) {
  return code < 0;
}
bool is_zero(float value) {
  return value == 0.0F;
}

template <class element>
std::uint32_t count_nonzeros(std::uint32_t rows, std::uint32_t columns, std::span<const element> matrix) {
  if (rows == 0 || columns == 0 || matrix.size() != std::uint64_t{rows} * columns) {
    throw std::invalid_argument("a matrix to encode has no rows, no columns, or not rows x columns elements");
  }
  const auto nonzeros = std::count_if(matrix.begin(), matrix.end(), [](element e) { return !is_zero(e); });
  return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(nonzeros, std::numeric_limits<std::uint32_t>::max()));
}

/// Writes the codes that are not zeros, of a few bits each, least significant bit first.
void write_codes(std::span<const std::int16_t> codes, std::uint32_t code_bits, std::uint8_t* to) {
  std::uint64_t word = 0;
  std::uint32_t held = 0; // bits of the word, fewer than 32 from one code to the next
  for (const std::int16_t code : codes) {
    // Without a branch on zeros, which lie anywhere: a zero adds no bits.
    word |= (is_zero(code) ? std::uint64_t{0} : static_cast<std::uint64_t>(code)) << held;
    held += is_zero(code) ? 0U : code_bits;
    if (held >= 32) {
      std::memcpy(to, &word, sizeof(std::uint32_t));
      to += sizeof(std::uint32_t);
      word >>= 32;
      held -= 32;
    }
  }
  std::memcpy(to, &word, (held + 7) / 8);
}

/// Writes one row's mask and tells how many of its elements are not zero.
template <class element>
std::uint32_t write_mask(const element* row, std::uint32_t columns, std::uint8_t* mask) {
  for (std::uint32_t first = 0; first < columns; first += 8) {
    const std::uint32_t count = std::min(8U, columns - first);
    std::uint32_t bits = 0;
    for (std::uint32_t c = 0; c < count; ++c) {
      bits |= (is_zero(row[first + c]) ? 0U : 1U) << c;
    }
    *mask++ = static_cast<std::uint8_t>(bits);
  }
  return static_cast<std::uint32_t>(std::count_if(row, row + columns, [](element e) { return !is_zero(e); }));
}

/// Writes the columns of one row's elements that are not zero, and tells how many they are.
template <class element>
std::uint32_t write_columns(const element* row, std::uint32_t columns, std::uint8_t* index) {
  std::uint32_t stored = 0;
  for (std::uint32_t c = 0; c < columns; ++c) {
    if (!is_zero(row[c])) {
      std::memcpy(index + stored * index_bytes(columns), &c, index_bytes(columns));
      ++stored;
    }
  }
  return stored;
}

/// Everything but the values, which begin where @p values is left pointing.
template <class element>
std::vector<std::uint8_t> encode_index(format layout, std::uint32_t rows, std::uint32_t columns,
                                       std::span<const element> matrix, std::uint32_t code_bits,
                                       std::uint8_t*& values) {
  const std::uint32_t nonzeros = count_nonzeros(rows, columns, matrix);
  const std::uint64_t size = image_bytes(layout, rows, columns, nonzeros, code_bits);
  if (size > std::numeric_limits<std::uint32_t>::max()) {
    throw std::invalid_argument("an image to encode would have 4 GiB or more");
  }
  std::vector<std::uint8_t> bytes(size);
  image_header h{};
  h.magic = image_magic;
  h.version = image_version;
  h.layout = static_cast<std::uint8_t>(layout);
  h.code_bits = static_cast<std::uint8_t>(code_bits);
  h.rows = rows;
  h.columns = columns;
  h.nonzeros = nonzeros;
  h.total_bytes = static_cast<std::uint32_t>(size);
  std::memcpy(bytes.data(), &h, sizeof(h));
  std::uint8_t* pointers = bytes.data() + header_bytes;
  std::uint8_t* index = pointers + 4 * (std::size_t{rows} + 1);
  values = index + align4(index_payload(layout, rows, columns, nonzeros));
  std::uint32_t before = 0;
  for (std::uint32_t r = 0; r < rows; ++r) {
    const element* row = matrix.data() + std::size_t{r} * columns;
    before += layout == format::bitmask ? write_mask(row, columns, index + r * mask_bytes(columns))
                                        : write_columns(row, columns, index + before * index_bytes(columns));
    std::memcpy(pointers + 4 * (std::size_t{r} + 1), &before, sizeof(before));
  }
  return bytes;
}

} // namespace

std::uint64_t image_bytes(format layout, std::uint64_t rows, std::uint64_t columns, std::uint64_t nonzeros,
                          std::uint32_t code_bits) {
  return header_bytes + 4 * (rows + 1) + align4(index_payload(layout, rows, columns, nonzeros)) +
         align4(value_payload(nonzeros, code_bits));
}

std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const std::int16_t> codes, std::uint32_t code_bits) {
  if (code_bits == 0 || code_bits > most_code_bits) {
    throw std::invalid_argument("codes to encode are not 1 to 8 bits wide");
  }
  if (std::any_of(codes.begin(), codes.end(), [&](std::int16_t code) { return code >= 1 << code_bits; })) {
    throw std::invalid_argument("a code to encode does not fit its bits");
  }
  std::uint8_t* section = nullptr;
  auto bytes = encode_index(layout, rows, columns, codes, code_bits, section);
  write_codes(codes, code_bits, section);
  return bytes;
}

std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const float> values, bool keep_zeros) {
  std::uint8_t* section = nullptr;
  if (keep_zeros) {
    const std::vector<std::int16_t> all(values.size(), 0); // as codes: none of them is a zero
    auto bytes = encode_index(layout, rows, columns, std::span<const std::int16_t>(all), float_bits, section);
    std::memcpy(section, values.data(), values.size_bytes());
    return bytes;
  }
  auto bytes = encode_index(layout, rows, columns, values, float_bits, section);
  for (const float value : values) {
    if (!is_zero(value)) {
      std::memcpy(section, &value, sizeof(value));
      section += sizeof(value);
    }
  }
  return bytes;
}

} // namespace sonic::sparse
