// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/dac.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sonic::physics {

dac::dac(const dac_parameters& parameters)
    : full_code_((std::uint32_t{1} << static_cast<unsigned>(parameters.bits)) - 1) {}

std::uint32_t dac::quantise(double drive) const {
  return static_cast<std::uint32_t>(std::nearbyint(std::clamp(drive, 0.0, 1.0) * full_code_));
}

codebook_dac::codebook_dac(const dac_parameters& parameters, std::span<const float> levels)
    : levels_(levels.begin(), levels.end()) {
  if (levels.empty() || levels.size() > std::size_t{1} << static_cast<unsigned>(parameters.bits)) {
    throw std::domain_error("a codebook has no levels, or more than the converter's bits select");
  }
  if (!std::all_of(levels.begin(), levels.end(), [](float level) { return level >= -1.0F && level <= 1.0F; })) {
    throw std::domain_error("a codebook's level is outside [-1, 1]");
  }
}

std::uint32_t codebook_dac::nearest(float value) const {
  const auto nearer = [value](float a, float b) { return std::abs(a - value) < std::abs(b - value); };
  return static_cast<std::uint32_t>(std::min_element(levels_.begin(), levels_.end(), nearer) - levels_.begin());
}

} // namespace sonic::physics
