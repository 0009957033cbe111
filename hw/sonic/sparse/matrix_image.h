// SPDX-License-Identifier: Apache-2.0
// A compressed matrix as it lies in memory: bitmask or CSR, with codebook indices or float32 values. docs/sparse.md
// draws the layout. Zeros are not stored.
#pragma once

#include "sonic/sparse/levels.h"

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace sonic::sparse {

enum class format : std::uint8_t { bitmask = 1, csr = 2 };

/// code_bits of an image whose values are float32 and not codebook indices.
inline constexpr std::uint32_t float_bits = 32;
inline constexpr std::size_t header_bytes = 32;

/// What can be wrong with an image.
enum class image_fault : std::uint8_t {
  truncated,    ///< shorter than its header
  signature,    ///< not 'SNSP' version 1
  layout,       ///< neither bitmask nor CSR
  code_width,   ///< neither 1 to 8 nor 32 bits
  shape,        ///< no rows or no columns
  size,         ///< total_bytes, the sections and the bytes given disagree
  row_pointers, ///< do not ascend from 0 to the number of non-zeros
  columns,      ///< do not ascend inside the matrix
  count,        ///< a row's mask and its row pointers disagree
  padding,      ///< reserved fields, or bits behind a section, are not zero
};

/// A damaged image. Not a user's mistake by itself: the chip turns it into an error register.
class image_error : public std::runtime_error {
public:
  image_error(image_fault fault, const std::string& sentence) : std::runtime_error(sentence), fault_(fault) {}
  [[nodiscard]] image_fault fault() const { return fault_; }

private:
  image_fault fault_;
};

/// One row of a matrix without its zeros.
struct decoded_row {
  std::vector<std::uint32_t> columns; ///< ascending
  std::vector<std::uint16_t> codes;   ///< codebook indices; empty for float32 images
  std::vector<float> values;          ///< of float32 images, or what the codes stand for if that is asked for
};

/// One row as it lies in an image.
struct packed_row {
  format layout = format::bitmask;
  bool wide = false;         ///< CSR: columns of 32 bits, else of 16
  std::uint32_t columns = 0; ///< of the matrix
  std::uint32_t nonzeros = 0;
  std::uint32_t code_bits = 0;
  std::uint32_t first_bit = 0;         ///< of the first code, in the first byte of `codes`
  std::span<const std::uint8_t> index; ///< mask or columns
  std::span<const std::uint8_t> codes; ///< the bytes that hold them; empty without non-zeros
};

/// A checked view of an image; the bytes must outlive it.
class matrix_image {
public:
  /// Checks everything, so that decode_row cannot leave the bytes, whatever they are: the header, sizes against the
  /// span, ascending row pointers, per row ascending columns inside the matrix in the number that the row pointers say,
  /// zeros in all padding. One image per content: two that decode alike in one format are equal byte for byte.
  /// @throws image_error
  explicit matrix_image(std::span<const std::uint8_t> bytes);

  [[nodiscard]] format layout() const { return layout_; }
  [[nodiscard]] std::uint32_t rows() const { return rows_; }
  [[nodiscard]] std::uint32_t columns() const { return columns_; }
  [[nodiscard]] std::uint32_t nonzeros() const { return nonzeros_; }
  [[nodiscard]] std::uint32_t code_bits() const { return code_bits_; }
  /// Of the codes or floats: bytes from the image's begin. Code i has bits [i, i + 1) x code_bits(), the least first.
  [[nodiscard]] std::uint64_t value_offset() const { return value_offset_; }

  /// Non-zeros before row @p row, 0 <= row <= rows().
  [[nodiscard]] std::uint32_t row_pointer(std::uint32_t row) const;

  /// Decodes a row into @p into, whose capacity is reused.
  /// @param row below rows()
  void decode_row(std::uint32_t row, decoded_row& into) const;

  /// As above, with what the codes stand for in @p levels, which float32 images do not need.
  /// @return false if a code is outside the codebook; @p into then holds anything
  [[nodiscard]] bool decode_row(std::uint32_t row, const level_table& levels, decoded_row& into) const;

  /// Where a row's bytes lie, of an image of codes.
  [[nodiscard]] packed_row packed(std::uint32_t row) const;

  /// Decodes a row with its zeros.
  /// @param room  is reused, and holds anything afterwards
  /// @param dense receives columns() values
  /// @param zeros receives how many of them are zero
  /// @return false if a code is outside the codebook; @p dense and @p zeros then hold anything
  [[nodiscard]] bool expand_row(std::uint32_t row, const level_table& levels, std::vector<float>& room, float* dense,
                                std::uint32_t& zeros) const;

private:
  void check_header();
  void check_row_pointers() const;
  void check_masks() const;
  void check_columns() const;
  void check_padding() const;
  void decode_columns(std::uint32_t row, std::span<std::uint32_t> columns) const;
  [[nodiscard]] bool decode_values(std::uint32_t row, const level_table& levels, std::span<float> values) const;
  void lay_out(std::uint32_t row, std::span<const float> values, float* dense) const;
  [[nodiscard]] std::uint32_t nonzeros_of(std::uint32_t row) const { return row_pointer(row + 1) - row_pointer(row); }
  [[nodiscard]] const std::uint8_t* index(std::uint32_t row) const;
  [[nodiscard]] const std::uint8_t* mask(std::uint32_t row) const;

  std::span<const std::uint8_t> bytes_;
  format layout_ = format::bitmask;
  std::uint32_t rows_ = 0, columns_ = 0, nonzeros_ = 0, code_bits_ = 0;
  std::uint64_t index_offset_ = 0; ///< masks or column indices
  std::uint64_t value_offset_ = 0; ///< codes or floats
};

/// Bytes of an image of this shape.
std::uint64_t image_bytes(format layout, std::uint64_t rows, std::uint64_t columns, std::uint64_t nonzeros,
                          std::uint32_t code_bits);

/// Encodes codebook indices; -1 marks a zero.
/// @param codes     rows x columns, row-major, each below 2^code_bits
/// @param code_bits 1 to 8
/// @throws std::invalid_argument for an empty matrix, another number of codes, a code that does not fit, or an image of
///         4 GiB or more
std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const std::int16_t> codes, std::uint32_t code_bits);

/// Encodes float32 values; those equal to zero are dropped, or all are kept.
/// @throws std::invalid_argument as above
std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const float> values, bool keep_zeros = false);

} // namespace sonic::sparse
