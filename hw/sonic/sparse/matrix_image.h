// SPDX-License-Identifier: Apache-2.0
// A compressed matrix as it lies in memory: bitmask or CSR, with codebook indices or float32 values. docs/sparse.md
// draws the layout. Zeros are not stored.
#pragma once

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

/// What is wrong with an image. Not a user's mistake by itself: the chip turns it into an error register.
class image_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// One row of a matrix without its zeros.
struct decoded_row {
  std::vector<std::uint32_t> columns; ///< ascending
  std::vector<std::uint16_t> codes;   ///< codebook indices; empty for float32 images
  std::vector<float> values;          ///< float32 images; else empty
};

/// A checked view of an image; the bytes must outlive it.
class matrix_image {
public:
  /// Checks everything, so that decode_row cannot leave the bytes: magic, version, sizes against the span, ascending
  /// row pointers, and per row ascending columns inside the matrix in the number that the row pointers say.
  /// @throws image_error
  explicit matrix_image(std::span<const std::uint8_t> bytes);

  [[nodiscard]] format layout() const { return layout_; }
  [[nodiscard]] std::uint32_t rows() const { return rows_; }
  [[nodiscard]] std::uint32_t columns() const { return columns_; }
  [[nodiscard]] std::uint32_t nonzeros() const { return nonzeros_; }
  [[nodiscard]] std::uint32_t code_bits() const { return code_bits_; }

  /// Non-zeros before row @p row, 0 <= row <= rows().
  [[nodiscard]] std::uint32_t row_pointer(std::uint32_t row) const;

  /// Decodes a row into @p into, whose capacity is reused.
  void decode_row(std::uint32_t row, decoded_row& into) const;

private:
  void check_sections();
  void check_rows() const;

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
std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const std::int16_t> codes, std::uint32_t code_bits);

/// Encodes float32 values; those equal to zero are dropped.
std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const float> values);

} // namespace sonic::sparse
