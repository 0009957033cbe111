// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/sparse/matrix_image.h"

#include <cstdint>
#include <random>
#include <vector>

namespace sonic::tests {

/// A dense matrix and what its image must decode to.
struct random_matrix {
  std::uint32_t rows = 0, columns = 0;
  std::uint32_t code_bits = 0;
  std::vector<std::int16_t> codes; ///< -1 = zero; for code_bits 1 to 8
  std::vector<float> values;       ///< for float32

  [[nodiscard]] std::vector<std::uint8_t> encode(sparse::format layout) const;
  /// The row without its zeros, found without the codec.
  [[nodiscard]] sparse::decoded_row row(std::uint32_t r) const;
};

/// A matrix of up to @p most_rows x @p most_columns with any share of zeros, all and none among them.
random_matrix draw_matrix(std::mt19937& random, std::uint32_t most_rows, std::uint32_t most_columns,
                          std::uint32_t code_bits);

} // namespace sonic::tests
