// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/decode/stream_light.h"

#include "sonic/core/instruction_sets.h"

#include <array>
#include <cmath>

namespace sonic::chip {

SONIC_EACH_INSTRUCTION_SET
transport::row_light light_of(std::span<const float> values, float full) {
  if (values.empty()) {
    return {};
  }
  constexpr std::size_t width = 16; // sums side by side, so that their order is the same for any vector
  std::array<float, width> sums{}, squares{};
  const std::size_t whole = values.size() / width * width;
  for (std::size_t i = 0; i < whole; i += width) {
    for (std::size_t k = 0; k < width; ++k) {
      const float v = std::abs(values[i + k]);
      sums[k] += v;
      squares[k] += v * v;
    }
  }
  for (std::size_t i = whole; i < values.size(); ++i) {
    const float v = std::abs(values[i]);
    sums[i - whole] += v;
    squares[i - whole] += v * v;
  }
  float sum = 0.0F, square = 0.0F;
  for (std::size_t k = 0; k < width; ++k) {
    sum += sums[k];
    square += squares[k];
  }
  const float share = 1.0F / (full * static_cast<float>(values.size()));
  return {sum * share, square / full * share};
}

} // namespace sonic::chip
