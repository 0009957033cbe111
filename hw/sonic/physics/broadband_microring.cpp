// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/broadband_microring.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sonic::physics {

broadband_microring::broadband_microring(const broadband_microring_parameters& parameters)
    : full_level_((std::uint32_t{1} << static_cast<unsigned>(parameters.bits)) - 1) {}

float broadband_microring::transmission(std::uint32_t level) const {
  return level == 0 ? 1.0F : static_cast<float>(level) / static_cast<float>(full_level_);
}

std::uint32_t broadband_microring::imprint(double transmission) const {
  if (!(transmission > 0.0 && transmission <= 1.0)) {
    throw std::domain_error("a broadband ring transmits more than nothing and at most everything");
  }
  return std::max(1U, static_cast<std::uint32_t>(std::nearbyint(transmission * full_level_)));
}

} // namespace sonic::physics
