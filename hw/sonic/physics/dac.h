// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/physics/devices.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::physics {

/// A converter with evenly spaced outputs: code c of n bits drives c / (2^n - 1) of full scale.
class dac {
public:
  /// @param parameters 1 to 24 bits
  explicit dac(const dac_parameters& parameters);

  [[nodiscard]] std::uint32_t full_code() const { return full_code_; }
  /// @param code up to full_code()
  [[nodiscard]] double drive(std::uint32_t code) const { return static_cast<double>(code) / full_code_; }
  /// The code for a drive, at most half a step off: round_half_even(drive x full_code).
  /// @param drive held to 0 to 1
  [[nodiscard]] std::uint32_t quantise(double drive) const;

private:
  std::uint32_t full_code_;
};

/// A converter whose output levels are programmed: a code of n bits selects one of up to 2^n levels, as weight sharing
/// asks (docs/numbers.md: Weights).
class codebook_dac {
public:
  /// @throws std::domain_error for no levels, more than the bits can select, or one outside [-1, 1]
  codebook_dac(const dac_parameters& parameters, std::span<const float> levels);

  /// @param code below the number of levels
  [[nodiscard]] float level(std::uint32_t code) const { return levels_[code]; }
  /// The code whose level is nearest to @p value; of two as near, the lower code.
  [[nodiscard]] std::uint32_t nearest(float value) const;

private:
  std::vector<float> levels_;
};

} // namespace sonic::physics
