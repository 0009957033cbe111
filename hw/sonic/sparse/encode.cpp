// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/image_layout.h"

#include <algorithm>
#include <limits>

namespace sonic::sparse {

namespace {

/// Writes codes of a few bits each, least significant bit first.
class bit_writer {
public:
  explicit bit_writer(std::uint8_t* target) : target_(target) {}
  void put(std::uint32_t code, std::uint32_t bits) {
    word_ |= code << held_;
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
  std::uint32_t word_ = 0;
  std::uint32_t held_ = 0;
};

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
  std::uint64_t nonzeros = 0;
  for (const element e : matrix) {
    nonzeros += is_zero(e) ? 0U : 1U;
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(nonzeros, std::numeric_limits<std::uint32_t>::max()));
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
  const element* next = matrix.data();
  std::uint32_t before = 0;
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      if (is_zero(*next++)) {
        continue;
      }
      if (layout == format::bitmask) {
        index[r * mask_bytes(columns) + c / 8] |= static_cast<std::uint8_t>(1U << (c % 8));
      } else {
        std::memcpy(index + before * index_bytes(columns), &c, index_bytes(columns));
      }
      ++before;
    }
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
  std::uint8_t* section = nullptr;
  auto bytes = encode_index(layout, rows, columns, codes, code_bits, section);
  bit_writer writer(section);
  for (const std::int16_t code : codes) {
    if (is_zero(code)) {
      continue;
    }
    if (code >= 1 << code_bits) {
      throw std::invalid_argument("a code to encode does not fit its bits");
    }
    writer.put(static_cast<std::uint32_t>(code), code_bits);
  }
  return bytes;
}

std::vector<std::uint8_t> encode(format layout, std::uint32_t rows, std::uint32_t columns,
                                 std::span<const float> values) {
  std::uint8_t* section = nullptr;
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
