// SPDX-License-Identifier: Apache-2.0
// Rings come out of fabrication with resonances that miss their wavelength, and drift with temperature. CrossLight
// (arXiv 2102.06960) gives the mean drift: 7.1 nm for a conventional ring, 2.1 nm for its own, wider one. That it is
// Gaussian, and how much of it the rings of a bank share, is estimated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::physics {

struct fabrication_parameters {
  double deviation_nm = 0;     ///< standard deviation of a ring's resonance
  double bank_correlation = 0; ///< share of the variance that all rings of a bank have in common, 0 to 1
};

/// The deviation of a Gaussian whose mean magnitude is known: mean x sqrt(pi / 2).
double deviation_of_mean_magnitude(double mean_magnitude);

/// The offsets of a bank's resonances: deviation (sqrt(c) shared + sqrt(1 - c) own), both normal; the same for the same
/// seed and bank, whatever else is drawn. A bank of fewer rings has the first of them.
/// @throws std::domain_error for a deviation below 0, or a correlation outside 0 to 1
std::vector<double> ring_offsets_nm(const fabrication_parameters& parameters, std::uint64_t seed, std::uint64_t bank,
                                    std::size_t rings);

/// Shift of all rings with the temperature of the chip.
/// @param shift_nm_per_k 0.07 to 0.08 for silicon rings near 1550 nm (Bogaerts et al., Laser Photonics Rev. 6, 2012)
inline double ambient_shift_nm(double shift_nm_per_k, double warmer_by_k) {
  return shift_nm_per_k * warmer_by_k;
}

/// Shift that a heater, which only warms, holds to bring a ring to its wavelength: the distance to the next resonance
/// upwards, from 0 to the free spectral range.
double heater_shift_nm(double offset_nm, double free_spectral_range_nm);

} // namespace sonic::physics
