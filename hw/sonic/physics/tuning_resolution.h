// SPDX-License-Identifier: Apache-2.0
// A ring whose tuning has steps: the detuning that imprints a value is off by up to half a step, and the light by what
// the slope of the Lorentzian makes of that.
#pragma once

#include "sonic/physics/microring.h"

namespace sonic::physics {

/// Detunings 0, step, 2 step, ..., range: 2^bits of them.
class stepped_tuning {
public:
  /// @param range_nm above 0, the largest detuning; operands that ask for more get this one
  /// @param bits     1 to 24
  /// @throws std::domain_error outside these ranges
  stepped_tuning(double range_nm, int bits);

  [[nodiscard]] double step_nm() const { return step_nm_; }
  [[nodiscard]] double range_nm() const { return range_nm_; }
  /// The nearest detuning.
  [[nodiscard]] double nearest(double detuning_nm) const;
  /// What a ring lets through when it is to let @p transmission through.
  /// @throws std::domain_error as microring::imprint
  [[nodiscard]] double imprinted(const microring& ring, double transmission) const;

private:
  double range_nm_;
  double step_nm_;
};

/// The steepest slope of a ring's dip, per nm: (1 - T_min) 3 sqrt 3 / (8 h), at the detuning h / sqrt 3.
double steepest_slope_per_nm(const microring& ring);

/// No transmission within the tuning range is further from what was asked: steepest slope x half a step.
double largest_imprint_error(const microring& ring, const stepped_tuning& tuning);

} // namespace sonic::physics
