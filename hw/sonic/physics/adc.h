// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/physics/devices.h"

#include <cstdint>

namespace sonic::physics {

/// A signed converter over a calibrated full scale: codes from -(2^(n-1) - 1) to 2^(n-1) - 1, evenly on both sides
/// (docs/numbers.md: ADC). `convert` of dot_product.h does the same for many sums.
class adc {
public:
  /// @param parameters 2 to 22 bits
  /// @param full_scale magnitude of the analog sum that gives the largest code, above 0
  adc(const adc_parameters& parameters, double full_scale);

  [[nodiscard]] std::int32_t full_code() const { return full_code_; }
  /// Codes per unit of the analog sum, as the conversion uses it: full_code / full_scale, rounded to float.
  [[nodiscard]] float inverse_lsb() const { return inverse_lsb_; }
  /// Analog step between two codes: full_scale / full_code.
  [[nodiscard]] double lsb() const { return lsb_; }
  /// round_half_even(clamp(sum x inverse_lsb, -full_code, full_code)), the product in float.
  [[nodiscard]] std::int32_t code(float sum) const;

private:
  std::int32_t full_code_;
  float inverse_lsb_;
  double lsb_;
};

} // namespace sonic::physics
