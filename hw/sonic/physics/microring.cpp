// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/microring.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace sonic::physics {

double free_spectral_range_nm(double wavelength_nm, double group_index, double radius_um) {
  constexpr double nm_per_um = 1e3;
  return wavelength_nm * wavelength_nm / (group_index * 2.0 * std::numbers::pi * radius_um * nm_per_um);
}

microring::microring(const microring_parameters& parameters)
    : half_linewidth_nm_(parameters.linewidth_nm() / 2.0),
      minimum_transmission_(std::pow(10.0, -parameters.extinction_db / 10.0)),
      free_spectral_range_nm_(parameters.free_spectral_range_nm) {}

double microring::through(double detuning_nm) const {
  const double distance = std::remainder(detuning_nm, free_spectral_range_nm_) / half_linewidth_nm_;
  return 1.0 - (1.0 - minimum_transmission_) / (distance * distance + 1.0);
}

double microring::maximum_transmission() const {
  return through(free_spectral_range_nm_ / 2.0);
}

double microring::imprint(double transmission) const {
  if (!(transmission >= minimum_transmission_ && transmission <= maximum_transmission())) {
    throw std::domain_error("no detuning of the microring gives this transmission");
  }
  const double detuning_nm =
      half_linewidth_nm_ * std::sqrt((transmission - minimum_transmission_) / (1.0 - transmission));
  return std::min(detuning_nm, free_spectral_range_nm_ / 2.0);
}

} // namespace sonic::physics
