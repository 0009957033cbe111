// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/tuning_resolution.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace sonic::physics {

stepped_tuning::stepped_tuning(double range_nm, int bits)
    : range_nm_(range_nm), step_nm_(range_nm / (std::ldexp(1.0, bits) - 1.0)) {
  if (!(range_nm > 0.0) || bits < 1 || bits > 24) {
    throw std::domain_error("a tuning has a range above 0 and 1 to 24 bits");
  }
}

double stepped_tuning::nearest(double detuning_nm) const {
  return std::nearbyint(std::clamp(detuning_nm, 0.0, range_nm_) / step_nm_) * step_nm_;
}

double stepped_tuning::imprinted(const microring& ring, double transmission) const {
  return ring.through(nearest(ring.imprint(transmission)));
}

double steepest_slope_per_nm(const microring& ring) {
  return (1.0 - ring.minimum_transmission()) * 3.0 * std::numbers::sqrt3 / (8.0 * ring.half_linewidth_nm());
}

double largest_imprint_error(const microring& ring, const stepped_tuning& tuning) {
  return steepest_slope_per_nm(ring) * tuning.step_nm() / 2.0;
}

} // namespace sonic::physics
