// SPDX-License-Identifier: Apache-2.0
// A bank's crosstalk beside its closed forms, and operands distorted beforehand.
#include "sonic/physics/ring_bank.h"
#include "sonic/physics/operand_crosstalk.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

namespace sonic {

namespace {

physics::microring_parameters ring_of(double quality_factor) {
  return {1550.0, quality_factor, 18.0, 20.0};
}

std::vector<double> random_operand(std::mt19937& random, std::size_t lanes, double from, double to) {
  std::uniform_real_distribution<double> value(from, to);
  std::vector<double> operand(lanes);
  for (double& element : operand) {
    element = value(random);
  }
  return operand;
}

} // namespace

TEST_CASE("crosstalk leaves the levels and bits that its equation gives") {
  struct row {
    double quality_factor;
    std::size_t lanes;
    double levels, bits; // h = 1550 / (2 Q), evenly spaced over 18 nm: h^2 / (d^2 + h^2) summed by hand
  };
  const std::vector<row> table{{8000, 5, 553, 9.1},   {8000, 10, 120, 6.9}, {8000, 15, 51, 5.7},
                               {8000, 20, 28, 4.8},   {8000, 25, 18, 4.2},  {8000, 50, 4.5, 2.2},
                               {2e4, 5, 3453, 11.75}, {2e4, 15, 317, 8.3},  {2e4, 50, 27.1, 4.8}};
  for (const row& expected : table) {
    const auto phi = physics::ring_bank::evenly_spaced(ring_of(expected.quality_factor), expected.lanes).crosstalk();
    const double levels = physics::resolution_levels(phi), bits = physics::resolution_bits(phi);
    WARN("Q " << expected.quality_factor << ", " << expected.lanes << " rings: " << levels << " levels ("
              << expected.levels << "), " << bits << " bits (" << expected.bits << ")");
    CHECK(std::abs(levels - expected.levels) <= (expected.levels < 10 ? 0.05 : 0.5));
    CHECK(std::abs(bits - expected.bits) <= 0.05);
  }
}

TEST_CASE("the claimed 16 bits of 15 rings need a quality factor of 3e5") {
  const auto bits = [](double q) {
    return physics::resolution_bits(physics::ring_bank::evenly_spaced(ring_of(q), 15).crosstalk());
  };
  WARN("15 rings: " << bits(8000) << " bits at Q 8000, " << bits(2.8e5) << " at 2.8e5, " << bits(3e5) << " at 3e5");
  CHECK(bits(2.8e5) == Approx(16.0).margin(0.1));
  CHECK(bits(3e5) > 16.0);
}

TEST_CASE("the crosstalk of evenly spaced rings is the sum over a Lorentzian comb") {
  // Over all k: sum of h^2 / ((k s)^2 + h^2) = (pi h / s) coth(pi h / s). A bank of n rings ends at |k| = n / 2; what
  // it leaves out is at most the integral of 2 h^2 / (k s)^2 beyond n / 2 - 1.
  double worst = 0.0;
  for (const std::size_t lanes : {5U, 10U, 15U, 25U, 50U, 51U, 200U}) {
    const auto bank = physics::ring_bank::evenly_spaced(ring_of(8000), lanes);
    const double h = bank.ring().half_linewidth_nm(), s = 18.0 / static_cast<double>(lanes);
    const double comb = M_PI * h / s / std::tanh(M_PI * h / s) - 1.0;
    const double left_out = 2.0 * h * h / (s * s) / (static_cast<double>(lanes) / 2.0 - 1.0);
    const double noise = physics::largest_crosstalk_noise(bank.crosstalk());
    CAPTURE(lanes, noise, comb, left_out);
    CHECK(noise < comb);
    CHECK(noise > comb - left_out);
    worst = std::max(worst, (comb - noise) / comb);
  }
  WARN("largest relative distance from the endless comb " << worst);
}

TEST_CASE("lanes wrap around the free spectral range") {
  const auto bank = physics::ring_bank::evenly_spaced(ring_of(8000), 10);
  CHECK(bank.wavelength_nm(0) == Approx(1550.0 - 8.1));
  CHECK(bank.wavelength_nm(9) == Approx(1550.0 + 8.1));
  CHECK(bank.separation_nm(9, 0) == Approx(-1.8)); // 16.2 nm apart, and 1.8 from the ring's next resonance
  CHECK(bank.separation_nm(1, 0) == Approx(1.8));
  const physics::ring_bank narrow(ring_of(8000), 5, 0.8);
  CHECK(narrow.separation_nm(4, 0) == Approx(3.2));
  CHECK_THROWS_AS(physics::ring_bank(ring_of(8000), 10, 1.81), std::domain_error);
  CHECK_THROWS_AS(physics::ring_bank(ring_of(8000), 10, 0.0), std::domain_error);
  CHECK_THROWS_AS(physics::ring_bank(ring_of(8000), 0, 1.0), std::domain_error);
  CHECK_THROWS_AS(bank.through(std::vector<double>(9)), std::domain_error);
  CHECK(std::isinf(physics::resolution_levels(physics::ring_bank::evenly_spaced(ring_of(8000), 1).crosstalk())));
}

TEST_CASE("light passes every ring of the bank, and resting rings take what the crosstalk says") {
  for (const std::size_t lanes : {5U, 15U}) {
    const auto bank = physics::ring_bank::evenly_spaced(ring_of(8000), lanes);
    const auto phi = bank.crosstalk();
    const std::vector<double> resting(lanes, 0.0);
    const auto passed = bank.transmission(resting);
    const auto left = bank.through(resting);
    double worst = 0.0, bound = 0.0;
    for (std::size_t i = 0; i < lanes; ++i) {
      double others = 0.0;
      for (std::size_t j = 0; j < lanes; ++j) {
        REQUIRE(passed(i, j) == Approx(1.0 - 0.99 * phi(i, j)).epsilon(1e-12)); // 20 dB deep
        others += i == j ? 0.0 : 0.99 * phi(i, j);
      }
      worst = std::max(worst, std::abs(left[i] / 0.01 - (1.0 - others))); // the lane's own ring passes 0.01
      bound = std::max(bound, others * others / 2.0);                     // the second order of a product of 1 - x
    }
    WARN(lanes << " resting rings: loss differs from the sum of crosstalk by " << worst << ", second order " << bound);
    CHECK(worst <= bound + 1e-12);
  }
}

TEST_CASE("an operand distorted beforehand meets the light undistorted: linear bank") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  for (const std::size_t lanes : {5U, 15U, 50U}) {
    const auto phi = physics::ring_bank::evenly_spaced(ring_of(8000), lanes).crosstalk();
    double before = 0.0, residual = 0.0, largest = 0.0;
    for (int round = 0; round < 200; ++round) {
      const auto wanted = random_operand(random, lanes, -1.0, 1.0);
      const auto distorted = physics::predistort(phi, wanted);
      before = std::max(before, physics::largest_difference(physics::effective_operand(phi, wanted), wanted));
      residual = std::max(residual, physics::largest_difference(physics::effective_operand(phi, distorted), wanted));
      largest = std::max(largest, physics::largest_difference(distorted, std::vector<double>(lanes, 0.0)));
    }
    WARN(lanes << " lanes: error " << before << " without, residual " << residual << " with, largest value to imprint "
               << largest << ", seed " << Catch::rngSeed());
    CHECK(before <= physics::largest_crosstalk_noise(phi));
    CHECK(residual < 1e-13);
    CHECK(largest <= 1.0 / (1.0 - physics::largest_crosstalk_noise(phi))); // Neumann series of the inverse
  }
  physics::square_matrix singular(2);
  singular(0, 0) = singular(0, 1) = singular(1, 0) = singular(1, 1) = 1.0;
  CHECK_THROWS_AS(physics::predistort(singular, std::vector<double>{1.0, 0.5}), std::domain_error);
  CHECK_THROWS_AS(physics::predistort(singular, std::vector<double>{1.0}), std::domain_error);
}

TEST_CASE("an operand distorted beforehand meets the light undistorted: every Lorentzian") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  for (const std::size_t lanes : {5U, 10U, 15U}) {
    const auto bank = physics::ring_bank::evenly_spaced(ring_of(8000), lanes);
    double before = 0.0, residual = 0.0;
    int iterations = 0;
    for (int round = 0; round < 50; ++round) {
      const auto wanted = random_operand(random, lanes, 0.02, 0.85);
      const auto alone = bank.through(bank.imprint(wanted));
      const auto together = physics::imprint_compensated(bank, wanted);
      before = std::max(before, physics::largest_difference(alone, wanted));
      residual = std::max(residual, together.residual);
      iterations = std::max(iterations, together.iterations);
      REQUIRE(physics::largest_difference(bank.through(together.detunings_nm), wanted) == together.residual);
    }
    WARN(lanes << " lanes: error " << before << " without, residual " << residual << " with, after at most "
               << iterations << " iterations, seed " << Catch::rngSeed());
    CHECK(residual <= 1e-12);
    CHECK(before > 1e-4);
  }
  const auto crowded = physics::ring_bank::evenly_spaced(ring_of(8000), 50);
  CHECK_THROWS_AS(physics::imprint_compensated(crowded, std::vector<double>(50, 0.95)), std::domain_error);
}

} // namespace sonic
