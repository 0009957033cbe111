// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/physics/devices.h"

#include <cstdint>

namespace sonic::physics {

/// Cascaded rings that scale all wavelengths alike, as the scale of a batch normalisation (arXiv 2109.04459). They only
/// attenuate, in the steps of their converter (docs/numbers.md: Broadband ring).
class broadband_microring {
public:
  /// @param parameters 1 to 24 bits
  explicit broadband_microring(const broadband_microring_parameters& parameters);

  /// The largest level, which lets everything through.
  [[nodiscard]] std::uint32_t full_level() const { return full_level_; }
  /// level / full_level as float.
  /// @param level 1 to full_level(); 0 = not driven, lets everything through
  [[nodiscard]] float transmission(std::uint32_t level) const;
  /// The level nearest to a wanted transmission, at least 1: no channel is switched off.
  /// @param transmission above 0 and up to 1
  /// @throws std::domain_error outside that range, or for a NaN
  [[nodiscard]] std::uint32_t imprint(double transmission) const;

private:
  std::uint32_t full_level_;
};

} // namespace sonic::physics
