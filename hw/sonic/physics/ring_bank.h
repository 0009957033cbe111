// SPDX-License-Identifier: Apache-2.0
// A bank of microrings along one waveguide: every wavelength passes every ring, so that each ring also takes a little
// of its neighbours' light. The crosstalk and the resolution that it leaves are CrossLight's (Sunny et al., DAC 2021,
// arXiv 2102.06960), after Duong et al. (IEEE Design & Test 31, 2014).
#pragma once

#include "sonic/physics/microring.h"
#include "sonic/physics/square_matrix.h"

#include <cstddef>
#include <span>
#include <vector>

namespace sonic::physics {

class ring_bank {
public:
  /// One ring a lane. Lane l has the wavelength ring.wavelength_nm + (l - (lanes - 1) / 2) spacing_nm, and ring l rests
  /// on it.
  /// @param spacing_nm above 0; all lanes lie within one free spectral range, beyond which the rings repeat
  /// @throws std::domain_error for no lanes, or a spacing outside that range
  ring_bank(const microring_parameters& ring, std::size_t lanes, double spacing_nm);

  /// The widest spacing: the lanes share the free spectral range evenly.
  static ring_bank evenly_spaced(const microring_parameters& ring, std::size_t lanes);

  [[nodiscard]] const microring& ring() const { return ring_; }
  [[nodiscard]] std::size_t lanes() const { return wavelengths_nm_.size(); }
  [[nodiscard]] double wavelength_nm(std::size_t lane) const { return wavelengths_nm_[lane]; }
  /// From the resonance of resting ring @p ring that is nearest to lane @p lane's light, with sign.
  [[nodiscard]] double separation_nm(std::size_t lane, std::size_t ring) const;

  /// Crosstalk of ring j on the light of lane i: phi(i, j) = h^2 / (separation^2 + h^2), with h = wavelength / (2 Q).
  /// One on the diagonal; symmetric. Every ring has the linewidth at the centre of the band.
  [[nodiscard]] square_matrix crosstalk() const;

  /// What ring j (column) lets through of lane i's light (row), each ring detuned to longer wavelengths.
  /// @param detunings_nm one a ring
  /// @throws std::domain_error for another number of rings
  [[nodiscard]] square_matrix transmission(std::span<const double> detunings_nm) const;

  /// What is left of each lane's light behind the bank: the product of its row of transmission().
  [[nodiscard]] std::vector<double> through(std::span<const double> detunings_nm) const;

  /// The detunings that imprint @p operands if no ring saw its neighbours' light.
  /// @throws std::domain_error as microring::imprint does, or for another number of rings
  [[nodiscard]] std::vector<double> imprint(std::span<const double> operands) const;

private:
  void require_one_a_ring(std::size_t count) const;

  microring ring_;
  double free_spectral_range_nm_;
  std::vector<double> wavelengths_nm_;
};

/// Noise power that the worst lane collects with full light on all lanes: the largest sum over j != i of phi(i, j).
double largest_crosstalk_noise(const square_matrix& crosstalk);

/// Levels that crosstalk leaves apart: 1 / largest_crosstalk_noise, infinite for one lane.
double resolution_levels(const square_matrix& crosstalk);

/// log2 of the levels.
double resolution_bits(const square_matrix& crosstalk);

} // namespace sonic::physics
