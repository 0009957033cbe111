// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/physics/devices.h"

#include <algorithm>

namespace sonic::physics {

/// A directly modulated laser: its amplitude is the value of its lane (arXiv 2109.04459). Its electrical power does not
/// depend on the value, except that a laser whose value is zero is not driven at all.
class vcsel {
public:
  /// @param idle_fraction share of its power that a gated laser still draws, 0 to 1
  explicit vcsel(const vcsel_parameters& parameters, double idle_fraction = 0.0)
      : power_mw_(parameters.power_mw), idle_fraction_(idle_fraction) {}

  [[nodiscard]] static bool driven(double drive) { return drive > 0.0; }

  /// Emitted light relative to full drive.
  /// @param drive 0 to 1; held to that range, because light is neither negative nor above full drive
  [[nodiscard]] static double emission(double drive) { return driven(drive) ? std::min(drive, 1.0) : 0.0; }

  [[nodiscard]] double power_mw(double drive) const { return driven(drive) ? power_mw_ : idle_fraction_ * power_mw_; }

  /// Electrical energy of one symbol of @p interval_ns.
  [[nodiscard]] double energy_pj(double drive, double interval_ns) const { return power_mw(drive) * interval_ns; }

private:
  double power_mw_;
  double idle_fraction_;
};

} // namespace sonic::physics
