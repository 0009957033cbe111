// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/ring_calibration.h"

#include "sonic/physics/fabrication.h"
#include "sonic/physics/thermal_crosstalk.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace sonic::physics {

std::vector<double> calibration_errors_nm(const calibration_method& how, const square_matrix& crosstalk,
                                          std::span<const double> offsets_nm) {
  if (offsets_nm.size() != crosstalk.size() || !(how.free_spectral_range_nm > 0.0)) {
    throw std::domain_error("a bank to calibrate has an offset for each ring and a free spectral range");
  }
  constexpr double turn = 2.0 * std::numbers::pi;
  const double nm_per_rad = how.free_spectral_range_nm / turn;
  std::vector<double> target_rad;
  for (const double offset_nm : offsets_nm) {
    target_rad.push_back(heater_shift_nm(offset_nm, how.free_spectral_range_nm) / nm_per_rad);
  }
  auto commands_rad = how.collective ? positive_heater_phases(crosstalk, target_rad) : target_rad;
  if (how.heater_bits > 0) {
    const double step_rad = turn / std::ldexp(1.0, how.heater_bits);
    for (double& command : commands_rad) {
      command = std::round(command / step_rad) * step_rad;
    }
  }
  const auto reached_rad = multiply(crosstalk, commands_rad);
  std::vector<double> errors_nm;
  for (std::size_t ring = 0; ring < target_rad.size(); ++ring) {
    errors_nm.push_back(std::remainder(reached_rad[ring] - target_rad[ring], turn) * nm_per_rad);
  }
  return errors_nm;
}

} // namespace sonic::physics
