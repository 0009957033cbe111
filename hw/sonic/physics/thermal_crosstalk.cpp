// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/thermal_crosstalk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>
#include <stdexcept>

namespace sonic::physics {

namespace {

struct simulated {
  double distance_um, crosstalk;
};
constexpr std::array<simulated, 8> simulations{{{0.7, 0.228},
                                                {5.13, 0.0422},
                                                {11.4, 0.00588},
                                                {13.9, 0.00300},
                                                {22.1, 5.46e-4},
                                                {23.8, 4.37e-4},
                                                {32.8, 1.49e-4},
                                                {34.1, 1.21e-4}}};
constexpr double tail_decay_per_um = 0.1275;

constexpr double turn = 2.0 * std::numbers::pi;

} // namespace

double phase_crosstalk(double distance_um) {
  if (!(distance_um >= simulations.front().distance_um)) {
    throw std::domain_error("no thermal crosstalk is known for rings nearer than 0.7 um");
  }
  const simulated& last = simulations.back();
  if (distance_um >= last.distance_um) {
    return last.crosstalk * std::exp(-tail_decay_per_um * (distance_um - last.distance_um));
  }
  const auto* const beyond =
      std::upper_bound(simulations.begin(), simulations.end(), distance_um,
                       [](double distance, const simulated& point) { return distance < point.distance_um; });
  const auto* const before = std::prev(beyond);
  const double part = (distance_um - before->distance_um) / (beyond->distance_um - before->distance_um);
  return before->crosstalk * std::pow(beyond->crosstalk / before->crosstalk, part);
}

square_matrix folded_bank_crosstalk() {
  constexpr std::size_t arm = 5;
  constexpr std::array<double, arm> along{1.0, 0.2270, 0.0072, 0.0004, 0.0001};
  constexpr std::array<double, arm> across{0.2270, 0.0431, 0.0088, 0.0020, 0.0009};
  square_matrix crosstalk(2 * arm);
  for (std::size_t i = 0; i < 2 * arm; ++i) {
    for (std::size_t j = 0; j < 2 * arm; ++j) {
      const std::size_t a = i % arm, b = j % arm;
      crosstalk(i, j) = (i / arm == j / arm ? along : across).at(a > b ? a - b : b - a);
    }
  }
  return crosstalk;
}

square_matrix row_crosstalk(std::size_t rings, double gap_um, double ring_size_um) {
  square_matrix crosstalk(rings);
  for (std::size_t i = 0; i < rings; ++i) {
    crosstalk(i, i) = 1.0;
    for (std::size_t j = 0; j < i; ++j) {
      const auto apart = static_cast<double>(i - j);
      crosstalk(i, j) = crosstalk(j, i) = phase_crosstalk(apart * gap_um + (apart - 1.0) * ring_size_um);
    }
  }
  return crosstalk;
}

std::vector<double> heater_phases(const square_matrix& crosstalk, std::span<const double> target_rad) {
  return solve(crosstalk, target_rad);
}

std::vector<double> positive_heater_phases(const square_matrix& crosstalk, std::span<const double> target_rad) {
  constexpr int most_rounds = 1000;
  std::vector<double> target(target_rad.begin(), target_rad.end());
  const auto commands_of = inverse(crosstalk);
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<double> commands = multiply(commands_of, target);
    const auto lowest = std::min_element(commands.begin(), commands.end());
    if (lowest == commands.end() || *lowest >= 0.0) {
      return commands;
    }
    target[static_cast<std::size_t>(lowest - commands.begin())] += turn;
  }
  throw std::domain_error("no turns of 2 pi make all heaters' commands positive");
}

double relative_drive(std::span<const double> commands_rad, std::span<const double> target_rad) {
  return std::accumulate(commands_rad.begin(), commands_rad.end(), 0.0) /
         std::accumulate(target_rad.begin(), target_rad.end(), 0.0);
}

double heater_power_mw(double phase_rad, const thermo_optic_tuning_parameters& heater) {
  return phase_rad / turn * heater.power_mw_per_fsr;
}

double heater_power_for_shift_mw(double shift_nm, double free_spectral_range_nm,
                                 const thermo_optic_tuning_parameters& heater) {
  return shift_nm / free_spectral_range_nm * heater.power_mw_per_fsr;
}

} // namespace sonic::physics
