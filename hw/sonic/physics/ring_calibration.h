// SPDX-License-Identifier: Apache-2.0
// What calibration by heaters leaves of the rings' distances from their wavelengths.
#pragma once

#include "sonic/physics/square_matrix.h"

#include <span>
#include <vector>

namespace sonic::physics {

/// How the heaters of a bank are set.
struct calibration_method {
  double free_spectral_range_nm = 0;
  int heater_bits = 0;    ///< steps of one free spectral range, 2^bits; 0: any
  bool collective = true; ///< thermal eigenmode decomposition; else each as if it warmed its own ring alone
};

/// What is left of each ring's offset from its wavelength, to either side of its nearest resonance.
/// @param crosstalk  thermal, of the bank (thermal_crosstalk.h)
/// @param offsets_nm of each ring as fabricated
/// @throws std::domain_error for another number of rings, a range that is not above 0, or as positive_heater_phases
std::vector<double> calibration_errors_nm(const calibration_method& how, const square_matrix& crosstalk,
                                          std::span<const double> offsets_nm);

} // namespace sonic::physics
