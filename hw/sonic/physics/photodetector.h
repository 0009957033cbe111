// SPDX-License-Identifier: Apache-2.0
// A photodetector sums the light of all wavelengths, and light has no sign: the lanes of positive values lie on one arm
// of a balanced pair, those of negative values on the other, and the currents subtract. dot_product.h computes the same
// difference over whole blocks, in single precision and lane order.
#pragma once

#include <cstddef>
#include <span>

namespace sonic::physics {

/// Currents of a balanced pair, in units of responsivity times the light of one lane at full drive.
struct balanced_current {
  double positive = 0.0;
  double negative = 0.0;
  [[nodiscard]] double difference() const { return positive - negative; }
};

/// Light of one symbol on both arms.
/// @param transmission what the rings let through, with the sign of the arm that each lane lies on
/// @param emission     what the lasers emit, as many, not negative
inline balanced_current detect_balanced(std::span<const double> transmission, std::span<const double> emission) {
  balanced_current current;
  for (std::size_t l = 0; l < transmission.size(); ++l) {
    const double light = transmission[l] * emission[l];
    if (light < 0.0) {
      current.negative -= light;
    } else {
      current.positive += light;
    }
  }
  return current;
}

} // namespace sonic::physics
