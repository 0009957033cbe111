// SPDX-License-Identifier: Apache-2.0
// A microring beside one waveguide, near its resonance (Bogaerts et al., Laser Photonics Rev. 6, 2012): a Lorentzian
// dip in what passes. Imprinting a value means detuning the ring until the light of its lane passes in that proportion.
#pragma once

#include "sonic/physics/devices.h"

namespace sonic::physics {

/// Free spectral range of a ring, wavelength^2 / (group index x circumference), in nm.
double free_spectral_range_nm(double wavelength_nm, double group_index, double radius_um);

class microring {
public:
  explicit microring(const microring_parameters& parameters);

  /// Distance from the resonance at which the dip has half its depth: wavelength / (2 Q).
  [[nodiscard]] double half_linewidth_nm() const { return half_linewidth_nm_; }
  /// Transmission at resonance: 10^(-extinction / 10).
  [[nodiscard]] double minimum_transmission() const { return minimum_transmission_; }

  /// Share of the light that passes: T(d) = 1 - (1 - T_min) h^2 / (d^2 + h^2), with d the distance of the light from
  /// the nearest of the ring's resonances, which repeat with the free spectral range.
  [[nodiscard]] double through(double detuning_nm) const;

  /// Share that a second waveguide would receive from a ring that loses nothing: 1 - T.
  [[nodiscard]] double drop(double detuning_nm) const { return 1.0 - through(detuning_nm); }

  /// The detuning, not negative, at which @p transmission passes: d = h sqrt((T - T_min) / (1 - T)).
  /// @param transmission from minimum_transmission() to maximum_transmission()
  /// @throws std::domain_error outside that range, which no detuning reaches, or for a NaN
  [[nodiscard]] double imprint(double transmission) const;

  /// What passes half-way between two resonances: the most that a ring lets through.
  [[nodiscard]] double maximum_transmission() const;

private:
  double half_linewidth_nm_;
  double minimum_transmission_;
  double free_spectral_range_nm_;
};

} // namespace sonic::physics
