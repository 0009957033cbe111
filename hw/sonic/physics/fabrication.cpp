// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/fabrication.h"

#include "sonic/physics/counter_random.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace sonic::physics {

double deviation_of_mean_magnitude(double mean_magnitude) {
  return mean_magnitude * std::sqrt(std::numbers::pi / 2.0);
}

std::vector<double> ring_offsets_nm(const fabrication_parameters& parameters, std::uint64_t seed, std::uint64_t bank,
                                    std::size_t rings) {
  const double c = parameters.bank_correlation;
  if (!(parameters.deviation_nm >= 0.0) || !(c >= 0.0 && c <= 1.0)) {
    throw std::domain_error("a spread of fabrication is not negative and has a correlation from 0 to 1");
  }
  std::vector<double> deviates(rings + 1); // the shared one, then each ring's own
  fill_normal(seed, stream_of(random_purpose::fabrication, bank), 0, deviates);
  std::vector<double> offsets_nm;
  for (std::size_t ring = 0; ring < rings; ++ring) {
    const double part = std::sqrt(c) * deviates[0] + std::sqrt(1.0 - c) * deviates[ring + 1];
    offsets_nm.push_back(parameters.deviation_nm * part);
  }
  return offsets_nm;
}

double heater_shift_nm(double offset_nm, double free_spectral_range_nm) {
  const double turns = -offset_nm / free_spectral_range_nm;
  return (turns - std::floor(turns)) * free_spectral_range_nm;
}

} // namespace sonic::physics
