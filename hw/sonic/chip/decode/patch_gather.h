// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::chip {

/// The patches of a convolution's tile, unrolled: row = (channel, kernel row, kernel column), one contiguous value per
/// output position. Every kernel of the tile streams rows of it; compression picks which.
class patch_gather {
public:
  /// Unrolls the tile. Positions outside the image read the descriptor's pad value.
  /// @param activations the input rectangle as it lies in the activation buffer, [channel][row][column]
  void load(const regs::descriptor& layer, const transport::rectangle& input, const transport::rectangle& output,
            std::span<const std::uint8_t> activations);

  [[nodiscard]] const float* row(std::size_t index) const { return values_.data() + index * symbols_; }
  /// Zeros in a whole row.
  [[nodiscard]] std::uint32_t zeros(std::size_t index) const { return zeros_[index]; }
  [[nodiscard]] std::size_t symbols() const { return symbols_; }

private:
  template <class element>
  void unroll(const regs::descriptor& layer, const transport::rectangle& input, const transport::rectangle& output,
              const std::uint8_t* activations, float pad_value);

  std::size_t symbols_ = 0;
  std::vector<float> values_;
  std::vector<std::uint32_t> zeros_;
};

/// Number of zeros in @p values.
std::uint32_t count_zeros(std::span<const float> values);

} // namespace sonic::chip
