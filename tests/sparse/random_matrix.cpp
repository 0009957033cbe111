// SPDX-License-Identifier: Apache-2.0
#include "tests/sparse/random_matrix.h"

namespace sonic::tests {

std::vector<std::uint8_t> random_matrix::encode(sparse::format layout) const {
  return code_bits == sparse::float_bits ? sparse::encode(layout, rows, columns, values)
                                         : sparse::encode(layout, rows, columns, codes, code_bits);
}

sparse::decoded_row random_matrix::row(std::uint32_t r) const {
  sparse::decoded_row dense;
  for (std::uint32_t c = 0; c < columns; ++c) {
    const std::size_t i = std::size_t{r} * columns + c;
    if (code_bits == sparse::float_bits && values[i] != 0.0F) {
      dense.columns.push_back(c);
      dense.values.push_back(values[i]);
    } else if (code_bits != sparse::float_bits && codes[i] >= 0) {
      dense.columns.push_back(c);
      dense.codes.push_back(static_cast<std::uint16_t>(codes[i]));
    }
  }
  return dense;
}

random_matrix draw_matrix(std::mt19937& random, std::uint32_t most_rows, std::uint32_t most_columns,
                          std::uint32_t code_bits) {
  const auto below = [&](std::uint32_t bound) {
    return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(random);
  };
  random_matrix m;
  m.rows = 1 + below(most_rows);
  m.columns = 1 + below(most_columns);
  m.code_bits = code_bits;
  const std::uint32_t percent_zero = std::uint32_t{25} * below(5);
  const std::size_t count = std::size_t{m.rows} * m.columns;
  for (std::size_t i = 0; i < count; ++i) {
    const bool zero = below(100) < percent_zero;
    if (code_bits == sparse::float_bits) {
      m.values.push_back(zero ? 0.0F : std::uniform_real_distribution<float>(-1.0F, -0.001F)(random));
    } else {
      m.codes.push_back(static_cast<std::int16_t>(zero ? -1 : static_cast<int>(below(1U << code_bits))));
    }
  }
  return m;
}

} // namespace sonic::tests
