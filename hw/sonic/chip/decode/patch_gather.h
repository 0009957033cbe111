// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::chip {

/// The patches of a convolution's tile: row = (channel, kernel row, kernel column), one contiguous value per output
/// position. Every kernel of the tile streams rows of it; compression picks which.
///
/// What a kernel row reads, the next one reads too, an output line later: so the rows of a kernel column overlap in
/// memory, and each line of the input is laid out once per kernel column instead of once per row.
class patch_gather {
public:
  /// Lays out the tile. Positions outside the image read the descriptor's pad value.
  /// @param activations the input rectangle as it lies in the activation buffer, [channel][row][column]
  void load(const regs::descriptor& layer, const transport::rectangle& input, const transport::rectangle& output,
            std::span<const std::uint8_t> activations);

  [[nodiscard]] const float* values() const { return values_.data(); }
  struct patch_row {
    std::uint32_t offset = 0; ///< in values(); it has symbols() of them
    std::uint32_t zeros = 0;  ///< among them
  };
  [[nodiscard]] const patch_row& row(std::size_t index) const { return rows_[index]; }
  [[nodiscard]] std::size_t symbols() const { return symbols_; }

private:
  void plan_lines(const regs::descriptor& layer, const transport::rectangle& output);
  template <class element>
  void lay_out(const regs::descriptor& layer, const transport::rectangle& input, const transport::rectangle& output,
               const std::uint8_t* activations, float pad_value);

  std::size_t symbols_ = 0;
  std::vector<std::int64_t> lines_;         ///< of one channel and kernel column: the image's row, outside of it too
  std::vector<std::size_t> first_line_;     ///< of each kernel row
  std::vector<float> values_;               ///< [channel][kernel column][line][output column]
  std::vector<std::uint32_t> zeros_before_; ///< in the lines before, of one channel and kernel column
  std::vector<patch_row> rows_;
};

/// Number of zeros in @p values.
std::uint32_t count_zeros(std::span<const float> values);

} // namespace sonic::chip
