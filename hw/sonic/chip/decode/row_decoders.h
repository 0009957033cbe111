// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/sparse/row_decoder.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sonic::chip {

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

/// Rows dealt to decoders in turn: how long the busiest one works, and all together.
class dealt_rows {
public:
  explicit dealt_rows(std::uint32_t decoders) : cycles_(std::max(1U, decoders)) {}
  void add(std::uint32_t cycles) {
    cycles_[next_] += cycles;
    next_ = next_ + 1 == cycles_.size() ? 0 : next_ + 1;
    sum_ += cycles;
  }
  [[nodiscard]] std::uint64_t most() const { return *std::max_element(cycles_.begin(), cycles_.end()); }
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  void clear() {
    std::fill(cycles_.begin(), cycles_.end(), 0);
    next_ = 0;
    sum_ = 0;
  }

private:
  std::vector<std::uint64_t> cycles_; ///< of each
  std::size_t next_ = 0;
  std::uint64_t sum_ = 0;
};

} // namespace sonic::chip
