// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/matrix_image.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

namespace sonic::sparse {

static_assert(std::endian::native == std::endian::little, "images are little-endian and read in place");

namespace {

constexpr std::uint32_t magic = 0x50534E53; // 'SNSP'
constexpr std::uint8_t version = 1;

/// The first 32 bytes of an image.
struct header {
  std::uint32_t magic;
  std::uint8_t version, layout, code_bits, reserved;
  std::uint32_t rows, columns, nonzeros, total_bytes;
  std::uint32_t padding[2];
};
static_assert(sizeof(header) == header_bytes);

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
/// Column indices of narrow matrices take 16 bits.
constexpr std::uint64_t index_bytes(std::uint64_t columns) {
  return columns <= 65536 ? 2 : 4;
}

constexpr std::uint64_t index_section(format layout, std::uint64_t rows, std::uint64_t columns,
                                      std::uint64_t nonzeros) {
  return align4(layout == format::bitmask ? rows * mask_bytes(columns) : nonzeros * index_bytes(columns));
}
constexpr std::uint64_t value_section(std::uint64_t nonzeros, std::uint64_t code_bits) {
  return align4((nonzeros * code_bits + 7) / 8);
}

/// Calls found(column) for each set bit of a row's mask.
template <class visitor>
void for_each_bit(const std::uint8_t* mask, std::uint32_t columns, const visitor& found) {
  const auto bytes = static_cast<std::size_t>(mask_bytes(columns));
  for (std::size_t at = 0; at < bytes; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, mask + at, std::min<std::size_t>(8, bytes - at));
    while (word != 0) {
      found(static_cast<std::uint32_t>(at * 8) + static_cast<std::uint32_t>(std::countr_zero(word)));
      word &= word - 1;
    }
  }
}

/// Writes codes of a few bits each, least significant bit first.
class bit_writer {
public:
  explicit bit_writer(std::uint8_t* target) : target_(target) {}
  void put(std::uint32_t code, std::uint32_t bits) {
    word_ |= std::uint64_t{code} << held_;
    held_ += bits;
    for (; held_ >= 8; held_ -= 8, word_ >>= 8) {
      *target_++ = static_cast<std::uint8_t>(word_);
    }
    if (held_ > 0) {
      *target_ = static_cast<std::uint8_t>(word_);
    }
  }

private:
  std::uint8_t* target_;
  std::uint64_t word_ = 0;
  std::uint32_t held_ = 0;
};

/// @param is_zero by element number
/// @param put_value called in order for each non-zero's element number with the start of the value section
std::vector<std::uint8_t> encode_with(format layout, std::uint32_t rows, std::uint32_t columns, std::uint32_t code_bits,
                                      const std::function<bool(std::size_t)>& is_zero,
                                      const std::function<void(std::size_t, std::uint8_t*)>& put_value) {
  const std::size_t count = std::size_t{rows} * columns;
  std::uint32_t nonzeros = 0;
  for (std::size_t i = 0; i < count; ++i) {
    nonzeros += is_zero(i) ? 0U : 1U;
  }
  std::vector<std::uint8_t> bytes(image_bytes(layout, rows, columns, nonzeros, code_bits));
  const header h{magic,
                 version,
                 static_cast<std::uint8_t>(layout),
                 static_cast<std::uint8_t>(code_bits),
                 0,
                 rows,
                 columns,
                 nonzeros,
                 static_cast<std::uint32_t>(bytes.size()),
                 {}};
  std::memcpy(bytes.data(), &h, sizeof(h));
  std::uint8_t* pointers = bytes.data() + header_bytes;
  std::uint8_t* index = pointers + 4 * (std::size_t{rows} + 1);
  std::uint8_t* values = index + index_section(layout, rows, columns, nonzeros);
  std::uint32_t before = 0;
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const std::size_t i = std::size_t{r} * columns + c;
      if (is_zero(i)) {
        continue;
      }
      if (layout == format::bitmask) {
        index[r * mask_bytes(columns) + c / 8] |= static_cast<std::uint8_t>(1U << (c % 8));
      } else {
        std::memcpy(index + before * index_bytes(columns), &c, index_bytes(columns));
      }
      put_value(i, values);
      ++before;
    }
    std::memcpy(pointers + 4 * (std::size_t{r} + 1), &before, sizeof(before));
  }
  return bytes;
}

} // namespace

std::uint64_t image_bytes(format layout, std::uint64_t rows, std::uint64_t columns, std::uint64_t nonzeros,
                          std::uint32_t code_bits) {
  return header_bytes + 4 * (rows + 1) + index_section(layout, rows, columns, nonzeros) +
         value_section(nonzeros, code_bits);
}

std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const std::int16_t> codes, std::uint32_t code_bits) {
  std::vector<bit_writer> writer; // begins where the value section does
  return encode_with(
      layout, rows, columns, code_bits, [&](std::size_t i) { return codes[i] < 0; },
      [&](std::size_t i, std::uint8_t* values) {
        if (writer.empty()) {
          writer.emplace_back(values);
        }
        writer.front().put(static_cast<std::uint32_t>(codes[i]), code_bits);
      });
}

std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const float> values) {
  std::size_t stored = 0;
  return encode_with(
      layout, rows, columns, float_bits, [&](std::size_t i) { return values[i] == 0.0F; },
      [&](std::size_t i, std::uint8_t* section) { std::memcpy(section + 4 * stored++, &values[i], sizeof(float)); });
}

matrix_image::matrix_image(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
  if (bytes.size() < header_bytes) {
    throw image_error("the image is shorter than its header");
  }
  const auto h = load<header>(bytes.data());
  if (h.magic != magic || h.version != version) {
    throw image_error("the image does not begin with 'SNSP' and version 1");
  }
  if (h.layout != static_cast<std::uint8_t>(format::bitmask) && h.layout != static_cast<std::uint8_t>(format::csr)) {
    throw image_error("the format is neither bitmask nor CSR");
  }
  constexpr std::uint32_t most_code_bits = 8;
  if (h.code_bits == 0 || (h.code_bits > most_code_bits && h.code_bits != float_bits)) {
    throw image_error("the width of a code is neither 1 to 8 nor 32 bits");
  }
  layout_ = static_cast<format>(h.layout);
  rows_ = h.rows;
  columns_ = h.columns;
  nonzeros_ = h.nonzeros;
  code_bits_ = h.code_bits;
  if (h.total_bytes != bytes.size()) {
    throw image_error("the image's size is not what its header says");
  }
  check_sections();
  check_rows();
}

void matrix_image::check_sections() {
  // Row count and non-zeros are bounded by the bytes before they are multiplied: 32-bit factors cannot overflow 64
  // bits.
  if (rows_ == 0 || columns_ == 0) {
    throw image_error("the matrix has no rows or no columns");
  }
  if (image_bytes(layout_, rows_, columns_, nonzeros_, code_bits_) != bytes_.size()) {
    throw image_error("the sections do not add up to the image's size");
  }
  index_offset_ = header_bytes + 4 * (std::uint64_t{rows_} + 1);
  value_offset_ = index_offset_ + index_section(layout_, rows_, columns_, nonzeros_);
}

std::uint32_t matrix_image::row_pointer(std::uint32_t row) const {
  return load<std::uint32_t>(bytes_.data() + header_bytes + 4 * std::size_t{row});
}

void matrix_image::check_rows() const {
  if (row_pointer(0) != 0 || row_pointer(rows_) != nonzeros_) {
    throw image_error("the row pointers do not run from 0 to the number of non-zeros");
  }
  for (std::uint32_t r = 0; r < rows_; ++r) {
    if (row_pointer(r) > row_pointer(r + 1)) {
      throw image_error("the row pointers descend");
    }
  }
  for (std::uint32_t r = 0; r < rows_; ++r) {
    const std::uint32_t expected = row_pointer(r + 1) - row_pointer(r);
    std::uint32_t found = 0;
    std::uint64_t next = 0; // the least column that may follow
    const auto visit = [&](std::uint32_t column) {
      if (column < next || column >= columns_) {
        throw image_error("a row's columns do not ascend inside the matrix");
      }
      next = std::uint64_t{column} + 1;
      ++found;
    };
    if (layout_ == format::bitmask) {
      for_each_bit(bytes_.data() + index_offset_ + r * mask_bytes(columns_), columns_, visit);
    } else {
      const std::uint8_t* index = bytes_.data() + index_offset_ + row_pointer(r) * index_bytes(columns_);
      for (std::uint32_t i = 0; i < expected; ++i) {
        visit(index_bytes(columns_) == 2 ? load<std::uint16_t>(index + 2 * std::size_t{i})
                                         : load<std::uint32_t>(index + 4 * std::size_t{i}));
      }
    }
    if (found != expected) {
      throw image_error("a row's mask and pointers disagree about its non-zeros");
    }
  }
}

void matrix_image::decode_row(std::uint32_t row, decoded_row& into) const {
  const std::uint32_t first = row_pointer(row);
  const std::uint32_t count = row_pointer(row + 1) - first;
  into.columns.resize(count);
  std::uint32_t* column = into.columns.data();
  if (layout_ == format::bitmask) {
    for_each_bit(bytes_.data() + index_offset_ + row * mask_bytes(columns_), columns_,
                 [&](std::uint32_t c) { *column++ = c; });
  } else {
    const std::uint8_t* index = bytes_.data() + index_offset_ + first * index_bytes(columns_);
    for (std::uint32_t i = 0; i < count; ++i) {
      column[i] = index_bytes(columns_) == 2 ? load<std::uint16_t>(index + 2 * std::size_t{i})
                                             : load<std::uint32_t>(index + 4 * std::size_t{i});
    }
  }
  const std::uint8_t* section = bytes_.data() + value_offset_;
  if (code_bits_ == float_bits) {
    into.codes.clear();
    into.values.resize(count);
    if (count > 0) {
      std::memcpy(into.values.data(), section + 4 * std::size_t{first}, 4 * std::size_t{count});
    }
    return;
  }
  into.values.clear();
  into.codes.resize(count);
  const std::uint32_t mask = (1U << code_bits_) - 1;
  const std::size_t section_bytes = bytes_.size() - value_offset_;
  std::uint64_t bit = std::uint64_t{first} * code_bits_;
  for (std::uint32_t i = 0; i < count; ++i, bit += code_bits_) {
    // A code of at most 8 bits lies in two neighbouring bytes.
    const auto at = static_cast<std::size_t>(bit / 8);
    const std::uint32_t pair =
        section[at] | (at + 1 < section_bytes ? static_cast<std::uint32_t>(section[at + 1]) << 8U : 0U);
    into.codes[i] = static_cast<std::uint16_t>((pair >> (bit % 8)) & mask);
  }
}

} // namespace sonic::sparse
