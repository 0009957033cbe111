// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/thermal_crosstalk.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

namespace sonic {

TEST_CASE("thermal crosstalk falls through the simulated points") {
  const std::vector<std::pair<double, double>> points{{0.7, 0.228},    {5.13, 0.0422},  {11.4, 0.00588},
                                                      {13.9, 0.00300}, {22.1, 5.46e-4}, {23.8, 4.37e-4},
                                                      {32.8, 1.49e-4}, {34.1, 1.21e-4}};
  for (const auto& [distance_um, crosstalk] : points) {
    CHECK(physics::phase_crosstalk(distance_um) == Approx(crosstalk).epsilon(1e-12));
  }
  // Half-way between two points in distance is the geometric mean.
  CHECK(physics::phase_crosstalk((0.7 + 5.13) / 2) == Approx(std::sqrt(0.228 * 0.0422)).epsilon(1e-12));
  CHECK(physics::phase_crosstalk(44.1) == Approx(1.21e-4 * std::exp(-1.275)).epsilon(1e-12));
  for (double d = 0.7; d < 60.0; d += 0.1) {
    REQUIRE(physics::phase_crosstalk(d + 0.1) < physics::phase_crosstalk(d));
  }
  CHECK_THROWS_AS(physics::phase_crosstalk(0.69), std::domain_error);
  CHECK_THROWS_AS(physics::phase_crosstalk(NAN), std::domain_error);
}

TEST_CASE("decomposition gives each ring of the folded bank its phase for 0.60 of the drive") {
  const auto crosstalk = physics::folded_bank_crosstalk();
  const std::vector<double> target(10, 1.0);
  const auto commands = physics::heater_phases(crosstalk, target);
  const double residual = physics::largest_difference(physics::multiply(crosstalk, commands), target);
  const double drive = physics::relative_drive(commands, target);
  WARN("drive " << drive << " of the uncoupled sum (0.60), residual " << residual);
  CHECK(drive == Approx(0.60).margin(0.005));
  CHECK(residual < 1e-14);
}

TEST_CASE("the folded bank's eigenmodes rebuild its matrix and its commands") {
  const auto crosstalk = physics::folded_bank_crosstalk();
  const auto modes = physics::eigenmodes(crosstalk);
  double rebuilt = 0.0, symmetry = 0.0;
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t j = 0; j < 10; ++j) {
      double sum = 0.0;
      for (std::size_t k = 0; k < 10; ++k) {
        sum += modes.vectors(i, k) * modes.values[k] * modes.vectors(j, k);
      }
      rebuilt = std::max(rebuilt, std::abs(sum - crosstalk(i, j)));
      symmetry = std::max(symmetry, std::abs(crosstalk(i, j) - crosstalk(j, i)));
    }
  }
  // Commands in modes: project the target, divide by each mode's value, sum up.
  std::vector<double> target(10), by_modes(10, 0.0);
  for (std::size_t i = 0; i < 10; ++i) {
    target[i] = 0.1 * static_cast<double>(i + 1);
  }
  for (std::size_t k = 0; k < 10; ++k) {
    double part = 0.0;
    for (std::size_t i = 0; i < 10; ++i) {
      part += modes.vectors(i, k) * target[i] / modes.values[k];
    }
    for (std::size_t i = 0; i < 10; ++i) {
      by_modes[i] += modes.vectors(i, k) * part;
    }
  }
  const double difference = physics::largest_difference(by_modes, physics::heater_phases(crosstalk, target));
  WARN("modes from " << modes.values.front() << " to " << modes.values.back() << ", matrix rebuilt to " << rebuilt
                     << ", commands by modes and by elimination differ by " << difference);
  CHECK(symmetry == 0.0);
  CHECK(rebuilt < 1e-14);
  CHECK(difference < 1e-13);
  CHECK(modes.values.front() > 0.0); // every target can be reached
  physics::square_matrix lopsided(2);
  lopsided(0, 1) = 1.0;
  CHECK_THROWS_AS(physics::eigenmodes(lopsided), std::domain_error);
}

TEST_CASE("heaters only warm: turns of 2 pi make every command positive") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const auto crosstalk = physics::folded_bank_crosstalk();
  std::uniform_real_distribution<double> phase(0.0, 2.0 * M_PI);
  constexpr int rounds = 2000;
  int negative = 0;
  double worst = 0.0, turns = 0.0, drive = 0.0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> target(10);
    for (double& element : target) {
      element = phase(random);
    }
    for (const double command : physics::heater_phases(crosstalk, target)) {
      negative += command < 0.0 ? 1 : 0;
    }
    const auto commands = physics::positive_heater_phases(crosstalk, target);
    drive += physics::relative_drive(commands, target) / rounds;
    const auto reached = physics::multiply(crosstalk, commands);
    for (std::size_t i = 0; i < 10; ++i) {
      REQUIRE(commands[i] >= 0.0);
      const double excess = reached[i] - target[i];
      worst = std::max(worst, std::abs(std::remainder(excess, 2.0 * M_PI)));
      turns += std::round(excess / (2.0 * M_PI)) / (10.0 * rounds);
    }
  }
  WARN("negative commands " << 100.0 * negative / (10.0 * rounds) << " % (24 %), turns added per ring " << turns
                            << ", drive " << drive << " of the uncoupled sum, largest deviation of a phase " << worst
                            << ", seed " << Catch::rngSeed());
  CHECK(negative / (10.0 * rounds) == Approx(0.24).margin(0.01));
  CHECK(worst < 1e-12);
}

TEST_CASE("rings further apart need more of their own heat") {
  const std::vector<double> target(10, 1.0);
  double last = 0.0;
  for (const double gap_um : {0.7, 5.0, 20.0, 120.0}) {
    const auto crosstalk = physics::row_crosstalk(10, gap_um, 10.0);
    const double drive = physics::relative_drive(physics::heater_phases(crosstalk, target), target);
    WARN("gap " << gap_um << " um: drive " << drive);
    CHECK(drive > last);
    CHECK(drive < 1.0);
    last = drive;
  }
  CHECK(last == Approx(1.0).margin(1e-6));
}

TEST_CASE("a heater's power follows its phase and its shift") {
  const physics::thermo_optic_tuning_parameters heater{4000.0, 27.5}; // CrossLight and SONIC
  CHECK(physics::heater_power_mw(2.0 * M_PI, heater) == Approx(27.5));
  CHECK(physics::heater_power_for_shift_mw(1.0, 18.0, heater) == Approx(1.53).margin(0.005));
  CHECK(physics::heater_power_for_shift_mw(2.1, 18.0, heater) == Approx(3.2).margin(0.05));
  CHECK(physics::heater_power_for_shift_mw(7.1, 18.0, heater) == Approx(10.8).margin(0.06));
}

} // namespace sonic
