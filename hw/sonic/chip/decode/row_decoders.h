// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/plan/dealt_rows.h"
#include "sonic/sparse/row_decoder.h"

#include <cstdint>
#include <vector>

namespace sonic::chip {

using plan::dealt_rows;

/// Who decodes the rows of weights, and in how many cycles.
class row_decoders {
public:
  struct parameters {
    std::uint32_t lanes = sparse::most_decoder_lanes; ///< pairs of a column and a code that one brings out in a cycle
    std::uint32_t decoders = 0;                       ///< side by side; 0: as many as keep ahead of the units
    sparse::row_decoder* twin = nullptr;              ///< decodes in our place
  };

  row_decoders() = default;
  explicit row_decoders(const parameters& how) : how_(how) {}

  /// Whether decoding takes time.
  [[nodiscard]] bool timed() const { return how_.decoders > 0; }
  [[nodiscard]] std::uint32_t decoders() const { return how_.decoders; }

  /// As the functions of matrix_image: a row without its zeros, and with them.
  /// @return false if a code is outside the codebook, or the twin gave up
  [[nodiscard]] bool decode(const sparse::matrix_image& image, std::uint32_t row, const sparse::level_table& levels,
                            sparse::decoded_row& into);
  [[nodiscard]] bool expand(const sparse::matrix_image& image, std::uint32_t row, const sparse::level_table& levels,
                            std::vector<float>& room, float* dense, std::uint32_t& zeros);
  /// That the last row kept its decoder; 0 unless timed.
  [[nodiscard]] std::uint32_t cycles() const { return cycles_; }

private:
  void count(const sparse::matrix_image& image, std::uint32_t row);
  bool decode_by_twin(const sparse::packed_row& row, const sparse::level_table& levels, sparse::decoded_row& into);

  parameters how_;
  std::uint32_t cycles_ = 0;
  sparse::decoded_row row_; ///< of expand()
};

} // namespace sonic::chip
