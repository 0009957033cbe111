// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/matrix_image.h"

#include "sonic/core/instruction_sets.h"
#include "sonic/sparse/dense_row.h"
#include "sonic/sparse/image_layout.h"
#include "sonic/sparse/unpack.h"

#include <algorithm>

namespace sonic::sparse {

namespace {

/// True if each mask has as many bits set as the row pointers say.
SONIC_EACH_INSTRUCTION_SET
bool bits_agree(const std::uint8_t* masks, std::size_t bytes, std::uint32_t rows, const std::uint8_t* pointers) {
  bool agree = true;
  for (std::uint32_t r = 0; r < rows; ++r, masks += bytes, pointers += sizeof(std::uint32_t)) {
    std::uint64_t set = load<std::uint32_t>(pointers);
    for (std::size_t at = 0; at < bytes; at += mask_word_bytes) {
      set += static_cast<std::uint64_t>(std::popcount(mask_word(masks, at, bytes)));
    }
    agree = agree && set == load<std::uint32_t>(pointers + sizeof(std::uint32_t));
  }
  return agree;
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

template <class index>
void scatter(const std::uint8_t* from, std::size_t columns, std::span<const float> values, float* dense) {
  std::fill_n(dense, columns, 0.0F);
  for (std::size_t i = 0; i < values.size(); ++i) {
    dense[load<index>(from + i * sizeof(index))] = values[i];
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
    if ((mask(r)[bytes - 1] & outside) != 0) {
      throw image_error(image_fault::columns, "a row's mask has bits behind its last column");
    }
  }
  if (!bits_agree(mask(0), bytes, rows_, bytes_.data() + header_bytes)) {
    throw image_error(image_fault::count, "a row's mask and row pointers disagree about its non-zeros");
  }
}

void matrix_image::check_columns() const {
  const std::uint64_t width = index_bytes(columns_);
  for (std::uint32_t r = 0; r < rows_; ++r) {
    if (!(width == 2 ? ascend_below<std::uint16_t>(index(r), nonzeros_of(r), columns_)
                     : ascend_below<std::uint32_t>(index(r), nonzeros_of(r), columns_))) {
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

const std::uint8_t* matrix_image::index(std::uint32_t row) const {
  return bytes_.data() + index_offset_ + row_pointer(row) * index_bytes(columns_);
}

void matrix_image::decode_columns(std::uint32_t row, std::span<std::uint32_t> columns) const {
  if (layout_ == format::csr) {
    if (index_bytes(columns_) == 2) {
      widen<std::uint16_t>(index(row), columns);
    } else {
      widen<std::uint32_t>(index(row), columns);
    }
    return;
  }
  const std::uint8_t* bits = mask(row);
  const auto bytes = static_cast<std::size_t>(mask_bytes(columns_));
  std::uint32_t* column = columns.data();
  for (std::size_t at = 0; at < bytes; at += mask_word_bytes) {
    const auto base = static_cast<std::uint32_t>(at * 8);
    for (std::uint64_t word = mask_word(bits, at, bytes); word != 0; word &= word - 1) {
      *column++ = base + static_cast<std::uint32_t>(std::countr_zero(word));
    }
  }
}

void matrix_image::decode_row(std::uint32_t row, decoded_row& into) const {
  const std::uint32_t count = nonzeros_of(row);
  into.columns.resize(count);
  decode_columns(row, into.columns);
  const auto section = bytes_.subspan(value_offset_);
  if (code_bits_ == float_bits) {
    into.codes.clear();
    into.values.resize(count);
    static_cast<void>(decode_values(row, level_table(), into.values));
  } else {
    into.values.clear();
    into.codes.resize(count);
    unpack(section, row_pointer(row), code_bits_, into.codes);
  }
}

bool matrix_image::decode_row(std::uint32_t row, const level_table& levels, decoded_row& into) const {
  const std::uint32_t count = nonzeros_of(row);
  into.columns.resize(count);
  decode_columns(row, into.columns);
  into.values.resize(count);
  return decode_values(row, levels, into.values);
}

bool matrix_image::decode_values(std::uint32_t row, const level_table& levels, std::span<float> values) const {
  const std::uint32_t first = row_pointer(row);
  const auto section = bytes_.subspan(value_offset_);
  if (code_bits_ != float_bits) {
    return unpack_levels(section, first, code_bits_, levels, values);
  }
  if (!values.empty()) {
    std::memcpy(values.data(), section.data() + sizeof(float) * std::size_t{first}, values.size_bytes());
  }
  return true;
}

packed_row matrix_image::packed(std::uint32_t row) const {
  packed_row found;
  found.layout = layout_;
  found.wide = index_bytes(columns_) > sizeof(std::uint16_t);
  found.columns = columns_;
  found.nonzeros = nonzeros_of(row);
  found.code_bits = code_bits_;
  found.index = layout_ == format::bitmask
                    ? std::span(mask(row), static_cast<std::size_t>(mask_bytes(columns_)))
                    : std::span(index(row), static_cast<std::size_t>(found.nonzeros * index_bytes(columns_)));
  if (found.nonzeros > 0) {
    const std::uint64_t first = std::uint64_t{row_pointer(row)} * code_bits_;
    const std::uint64_t end = first + std::uint64_t{found.nonzeros} * code_bits_;
    found.first_bit = static_cast<std::uint32_t>(first % 8);
    found.codes = bytes_.subspan(value_offset_ + first / 8, (end + 7) / 8 - first / 8);
  }
  return found;
}

bool matrix_image::expand_row(std::uint32_t row, const level_table& levels, std::vector<float>& room, float* dense,
                              std::uint32_t& zeros) const {
  const std::uint32_t count = nonzeros_of(row);
  const bool full = count == columns_; // then they lie as they will
  if (!full && room.size() < count) {
    room.resize(count);
  }
  const std::span<float> values(full ? dense : room.data(), count);
  if (!decode_values(row, levels, values)) {
    return false;
  }
  zeros = columns_ - count + count_zeros(values); // a codebook, or a damaged image, may have a zero
  if (!full) {
    lay_out(row, values, dense);
  }
  return true;
}

void matrix_image::lay_out(std::uint32_t row, std::span<const float> values, float* dense) const {
  if (layout_ == format::bitmask) {
    expand(mask(row), columns_, values.data(), dense);
  } else if (index_bytes(columns_) == 2) {
    scatter<std::uint16_t>(index(row), columns_, values, dense);
  } else {
    scatter<std::uint32_t>(index(row), columns_, values, dense);
  }
}

} // namespace sonic::sparse
