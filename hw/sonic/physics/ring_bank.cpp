// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/ring_bank.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sonic::physics {

ring_bank::ring_bank(const microring_parameters& ring, std::size_t lanes, double spacing_nm)
    : ring_(ring), free_spectral_range_nm_(ring.free_spectral_range_nm) {
  constexpr double rounding = 1.0 + 1e-12; // of a spacing that is the range divided by the lanes
  const auto count = static_cast<double>(lanes);
  if (lanes == 0 || !(spacing_nm > 0.0) || !(count * spacing_nm <= ring.free_spectral_range_nm * rounding)) {
    throw std::domain_error("the wavelengths of a bank do not fit into one free spectral range of its rings");
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    wavelengths_nm_.push_back(ring.wavelength_nm + (static_cast<double>(lane) - (count - 1.0) / 2.0) * spacing_nm);
  }
}

ring_bank ring_bank::evenly_spaced(const microring_parameters& ring, std::size_t lanes) {
  return {ring, lanes, ring.free_spectral_range_nm / static_cast<double>(lanes)};
}

double ring_bank::separation_nm(std::size_t lane, std::size_t ring) const {
  return std::remainder(wavelengths_nm_[lane] - wavelengths_nm_[ring], free_spectral_range_nm_);
}

square_matrix ring_bank::crosstalk() const {
  square_matrix phi(lanes());
  const double h = ring_.half_linewidth_nm();
  for (std::size_t lane = 0; lane < lanes(); ++lane) {
    for (std::size_t ring = 0; ring < lanes(); ++ring) {
      const double distance_nm = separation_nm(lane, ring);
      phi(lane, ring) = h * h / (distance_nm * distance_nm + h * h);
    }
  }
  return phi;
}

square_matrix ring_bank::transmission(std::span<const double> detunings_nm) const {
  require_one_a_ring(detunings_nm.size());
  square_matrix passed(lanes());
  for (std::size_t lane = 0; lane < lanes(); ++lane) {
    for (std::size_t ring = 0; ring < lanes(); ++ring) {
      passed(lane, ring) = ring_.through(wavelengths_nm_[lane] - wavelengths_nm_[ring] - detunings_nm[ring]);
    }
  }
  return passed;
}

std::vector<double> ring_bank::through(std::span<const double> detunings_nm) const {
  const square_matrix passed = transmission(detunings_nm);
  std::vector<double> left(lanes(), 1.0);
  for (std::size_t lane = 0; lane < lanes(); ++lane) {
    for (std::size_t ring = 0; ring < lanes(); ++ring) {
      left[lane] *= passed(lane, ring);
    }
  }
  return left;
}

std::vector<double> ring_bank::imprint(std::span<const double> operands) const {
  require_one_a_ring(operands.size());
  std::vector<double> detunings_nm;
  for (const double operand : operands) {
    detunings_nm.push_back(ring_.imprint(operand));
  }
  return detunings_nm;
}

void ring_bank::require_one_a_ring(std::size_t count) const {
  if (count != lanes()) {
    throw std::domain_error("a bank takes one value for each of its rings");
  }
}

double largest_crosstalk_noise(const square_matrix& crosstalk) {
  double largest = 0.0;
  for (std::size_t lane = 0; lane < crosstalk.size(); ++lane) {
    double noise = 0.0;
    for (std::size_t ring = 0; ring < crosstalk.size(); ++ring) {
      noise += ring == lane ? 0.0 : std::abs(crosstalk(lane, ring));
    }
    largest = std::max(largest, noise);
  }
  return largest;
}

double resolution_levels(const square_matrix& crosstalk) {
  return 1.0 / largest_crosstalk_noise(crosstalk);
}

double resolution_bits(const square_matrix& crosstalk) {
  return std::log2(resolution_levels(crosstalk));
}

} // namespace sonic::physics
