// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/matrix_image.h"

#include "sonic/sparse/image_layout.h"
#include "sonic/sparse/unpack.h"

#include <algorithm>

namespace sonic::sparse {

namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);

/// The bytes of a mask from @p at on, at most eight, as a word; zeros behind the end.
std::uint64_t mask_word(const std::uint8_t* mask, std::size_t at, std::size_t bytes) {
  if (bytes - at >= word_bytes) {
    return load<std::uint64_t>(mask + at);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, mask + at, bytes - at);
  return word;
}

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

/// True if the columns ascend from at least 0 and end below @p limit.
template <class index>
bool ascend_below(const std::uint8_t* from, std::uint32_t count, std::uint32_t limit) {
  std::uint64_t next = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t column = load<index>(from + i * sizeof(index));
    if (column < next) {
      return false;
    }
    next = std::uint64_t{column} + 1;
  }
  return next <= limit;
}

template <class index>
void widen(const std::uint8_t* from, std::span<std::uint32_t> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i] = load<index>(from + i * sizeof(index));
  }
}

} // namespace

matrix_image::matrix_image(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
  check_header();
  check_row_pointers();
  if (layout_ == format::bitmask) {
    check_masks();
  } else {
    check_columns();
  }
  check_padding();
}

void matrix_image::check_header() {
  if (bytes_.size() < header_bytes) {
    throw image_error(image_fault::truncated, "the image is shorter than its header");
  }
  const auto h = load<image_header>(bytes_.data());
  if (h.magic != image_magic || h.version != image_version) {
    throw image_error(image_fault::signature, "the image does not begin with 'SNSP' and version 1");
  }
  if (h.layout != static_cast<std::uint8_t>(format::bitmask) && h.layout != static_cast<std::uint8_t>(format::csr)) {
    throw image_error(image_fault::layout, "the format is neither bitmask nor CSR");
  }
  if (h.code_bits == 0 || (h.code_bits > most_code_bits && h.code_bits != float_bits)) {
    throw image_error(image_fault::code_width, "the width of a code is neither 1 to 8 nor 32 bits");
  }
  if (h.rows == 0 || h.columns == 0) {
    throw image_error(image_fault::shape, "the matrix has no rows or no columns");
  }
  if (h.reserved != 0 || h.reserved_words[0] != 0 || h.reserved_words[1] != 0) {
    throw image_error(image_fault::padding, "a reserved field of the header is not zero");
  }
  layout_ = static_cast<format>(h.layout);
  rows_ = h.rows;
  columns_ = h.columns;
  nonzeros_ = h.nonzeros;
  code_bits_ = h.code_bits;
  if (h.total_bytes != bytes_.size() || image_bytes(layout_, rows_, columns_, nonzeros_, code_bits_) != bytes_.size()) {
    throw image_error(image_fault::size, "the image's size is not what its header and its sections say");
  }
  index_offset_ = header_bytes + 4 * (std::uint64_t{rows_} + 1);
  value_offset_ = index_offset_ + align4(index_payload(layout_, rows_, columns_, nonzeros_));
}

std::uint32_t matrix_image::row_pointer(std::uint32_t row) const {
  return load<std::uint32_t>(bytes_.data() + header_bytes + 4 * std::size_t{row});
}

const std::uint8_t* matrix_image::mask(std::uint32_t row) const {
  return bytes_.data() + index_offset_ + row * mask_bytes(columns_);
}

void matrix_image::check_row_pointers() const {
  bool ascending = row_pointer(0) == 0 && row_pointer(rows_) == nonzeros_;
  for (std::uint32_t r = 0; r < rows_; ++r) {
    ascending = ascending && row_pointer(r) <= row_pointer(r + 1);
  }
  if (!ascending) {
    throw image_error(image_fault::row_pointers, "the row pointers do not ascend from 0 to the number of non-zeros");
  }
}

void matrix_image::check_masks() const {
  const auto bytes = static_cast<std::size_t>(mask_bytes(columns_));
  const auto outside = static_cast<std::uint8_t>(columns_ % 8 == 0 ? 0U : 0xFFU << (columns_ % 8));
  for (std::uint32_t r = 0; r < rows_; ++r) {
    const std::uint8_t* bits = mask(r);
    if ((bits[bytes - 1] & outside) != 0) {
      throw image_error(image_fault::columns, "a row's mask has bits behind its last column");
    }
    std::uint64_t set = 0;
    for (std::size_t at = 0; at < bytes; at += word_bytes) {
      set += static_cast<std::uint64_t>(std::popcount(mask_word(bits, at, bytes)));
    }
    if (set != row_pointer(r + 1) - row_pointer(r)) {
      throw image_error(image_fault::count, "a row's mask and row pointers disagree about its non-zeros");
    }
  }
}

void matrix_image::check_columns() const {
  const std::uint64_t width = index_bytes(columns_);
  for (std::uint32_t r = 0; r < rows_; ++r) {
    const std::uint8_t* index = bytes_.data() + index_offset_ + row_pointer(r) * width;
    const std::uint32_t count = row_pointer(r + 1) - row_pointer(r);
    if (!(width == 2 ? ascend_below<std::uint16_t>(index, count, columns_)
                     : ascend_below<std::uint32_t>(index, count, columns_))) {
      throw image_error(image_fault::columns, "a row's columns do not ascend inside the matrix");
    }
  }
}

void matrix_image::check_padding() const {
  const std::uint64_t index_end = index_offset_ + index_payload(layout_, rows_, columns_, nonzeros_);
  const std::uint64_t value_end = value_offset_ + value_payload(nonzeros_, code_bits_);
  const std::uint64_t code_end = std::uint64_t{nonzeros_} * code_bits_ % 8; // bits used in the last byte, 0 = all
  const bool code_bits_clear = code_end == 0 || bytes_[value_end - 1] >> code_end == 0;
  if (!all_zero(bytes_.subspan(index_end, value_offset_ - index_end)) || !all_zero(bytes_.subspan(value_end)) ||
      !code_bits_clear) {
    throw image_error(image_fault::padding, "the padding behind a section is not zero");
  }
}

void matrix_image::decode_columns(std::uint32_t row, std::uint32_t first, std::span<std::uint32_t> columns) const {
  if (layout_ == format::csr) {
    const std::uint64_t width = index_bytes(columns_);
    const std::uint8_t* index = bytes_.data() + index_offset_ + first * width;
    if (width == 2) {
      widen<std::uint16_t>(index, columns);
    } else {
      widen<std::uint32_t>(index, columns);
    }
    return;
  }
  const std::uint8_t* bits = mask(row);
  const auto bytes = static_cast<std::size_t>(mask_bytes(columns_));
  std::uint32_t* column = columns.data();
  for (std::size_t at = 0; at < bytes; at += word_bytes) {
    const auto base = static_cast<std::uint32_t>(at * 8);
    for (std::uint64_t word = mask_word(bits, at, bytes); word != 0; word &= word - 1) {
      *column++ = base + static_cast<std::uint32_t>(std::countr_zero(word));
    }
  }
}

void matrix_image::decode_row(std::uint32_t row, decoded_row& into) const {
  const std::uint32_t first = row_pointer(row);
  const std::uint32_t count = row_pointer(row + 1) - first;
  into.columns.resize(count);
  decode_columns(row, first, into.columns);
  const auto section = bytes_.subspan(value_offset_);
  if (code_bits_ == float_bits) {
    into.codes.clear();
    into.values.resize(count);
    if (count > 0) {
      std::memcpy(into.values.data(), section.data() + 4 * std::size_t{first}, 4 * std::size_t{count});
    }
  } else {
    into.values.clear();
    into.codes.resize(count);
    unpack(section, first, code_bits_, into.codes);
  }
}

} // namespace sonic::sparse
