// SPDX-License-Identifier: Apache-2.0
// Rings, lasers and detectors beside their closed forms.
#include "sonic/physics/broadband_microring.h"
#include "sonic/physics/microring.h"
#include "sonic/physics/photodetector.h"
#include "sonic/physics/vcsel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

namespace sonic {

namespace {

/// CrossLight's ring, arXiv 2102.06960: Q 8000, free spectral range 18 nm.
physics::microring_parameters crosslight_ring() {
  return {1550.0, 8000.0, 18.0, 20.0};
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("a microring's dip has the depth, the width and the period of its parameters") {
  const physics::microring ring(crosslight_ring());
  CHECK(ring.half_linewidth_nm() == Approx(0.096875).epsilon(1e-15)); // 1550 nm / 8000 / 2
  CHECK(ring.minimum_transmission() == Approx(0.01).epsilon(1e-15));  // 20 dB
  CHECK(ring.through(0.0) == Approx(0.01).epsilon(1e-13));
  CHECK(ring.through(0.096875) == Approx(0.505).epsilon(1e-14)); // half of the depth of 0.99
  CHECK(ring.through(2 * 0.096875) == Approx(1.0 - 0.99 / 5.0).epsilon(1e-14));
  for (const double d : {0.0, 0.03, 0.4, 8.9}) {
    CAPTURE(d);
    CHECK(ring.through(-d) == ring.through(d));
    CHECK(ring.through(d + 18.0) == Approx(ring.through(d)).epsilon(1e-12));
    CHECK(ring.through(d) + ring.drop(d) == Approx(1.0).epsilon(1e-15));
  }
  CHECK(ring.maximum_transmission() == ring.through(9.0));
  CHECK(ring.maximum_transmission() < 1.0);
}

TEST_CASE("a dip agrees with the all-pass ring that it approximates") {
  // Bogaerts et al. 2012: T = (a^2 - 2 r a cos p + r^2) / (1 - 2 r a cos p + (r a)^2), finesse pi sqrt(r a) / (1 - r
  // a).
  const double r = 0.99, a = 0.97;
  const double finesse = M_PI * std::sqrt(r * a) / (1.0 - r * a);
  const double depth = std::pow((a - r) / (1.0 - r * a), 2);
  const physics::microring ring({1550.0, 1550.0 * finesse / 18.0, 18.0, -10.0 * std::log10(depth)});
  double worst = 0.0;
  for (double d = 0.0; d <= 0.5; d += 0.01) { // about two linewidths
    const double p = 2.0 * M_PI * d / 18.0;
    const double exact = (a * a - 2 * r * a * std::cos(p) + r * r) / (1 - 2 * r * a * std::cos(p) + r * a * r * a);
    worst = std::max(worst, std::abs(ring.through(d) - exact));
  }
  WARN("largest deviation of the Lorentzian from the all-pass ring " << worst);
  CHECK(worst < 1e-3);
}

TEST_CASE("imprinting inverts the transmission") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const physics::microring ring(crosslight_ring());
  std::uniform_real_distribution<double> wanted(ring.minimum_transmission(), ring.maximum_transmission());
  double worst = 0.0;
  for (int i = 0; i < 10000; ++i) {
    const double t = wanted(random);
    const double detuning_nm = ring.imprint(t);
    REQUIRE(detuning_nm >= 0.0);
    REQUIRE(detuning_nm <= 9.0);
    worst = std::max(worst, std::abs(ring.through(detuning_nm) - t));
  }
  WARN("largest deviation of through(imprint(t)) from t " << worst << ", seed " << Catch::rngSeed());
  CHECK(worst < 1e-14);
  CHECK(ring.imprint(ring.minimum_transmission()) == 0.0);
  CHECK(ring.imprint(ring.maximum_transmission()) == Approx(9.0));
  CHECK(ring.imprint(0.505) == Approx(ring.half_linewidth_nm()).epsilon(1e-14));
}

TEST_CASE("a transmission that no detuning gives is refused") {
  const physics::microring ring(crosslight_ring());
  for (const double t : {-0.1, 0.0, 0.0099, 1.0, 1.5, nan, static_cast<double>(INFINITY)}) {
    CAPTURE(t);
    CHECK_THROWS_AS(ring.imprint(t), std::domain_error);
  }
}

TEST_CASE("the free spectral range follows the circumference") {
  // 1550^2 nm^2 / (4.2 x 2 pi x 5 um)
  CHECK(physics::free_spectral_range_nm(1550.0, 4.2, 5.0) == Approx(18.20810).epsilon(1e-6));
  CHECK(physics::free_spectral_range_nm(1550.0, 4.2, 10.0) == Approx(18.20810 / 2).epsilon(1e-6));
}

TEST_CASE("a laser emits its value and is gated at zero") {
  const physics::vcsel laser({0.07, 1.3});
  CHECK(physics::vcsel::emission(0.25) == 0.25);
  CHECK(physics::vcsel::emission(7.0) == 1.0);
  CHECK(physics::vcsel::emission(-1.0) == 0.0);
  CHECK_FALSE(physics::vcsel::driven(0.0));
  CHECK(physics::vcsel::driven(1.0 / 65535.0));
  CHECK(laser.energy_pj(0.5, 14.0) == Approx(18.2));
  CHECK(laser.energy_pj(1.0, 14.0) == Approx(18.2));
  CHECK(laser.energy_pj(0.0, 14.0) == 0.0);
  CHECK(physics::vcsel({0.07, 1.3}, 0.1).energy_pj(0.0, 14.0) == Approx(1.82));
}

TEST_CASE("a balanced pair gives the signed sum of light that has no sign") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  std::uniform_real_distribution<double> signed_level(-1.0, 1.0), light(0.0, 1.0);
  double worst = 0.0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<double> transmission, emission;
    double sum = 0.0;
    for (int lane = 0; lane < 50; ++lane) {
      transmission.push_back(signed_level(random));
      emission.push_back(light(random));
      sum += transmission.back() * emission.back();
    }
    const auto current = physics::detect_balanced(transmission, emission);
    REQUIRE(current.positive >= 0.0);
    REQUIRE(current.negative >= 0.0);
    worst = std::max(worst, std::abs(current.difference() - sum));
  }
  WARN("largest deviation from the signed sum " << worst << ", seed " << Catch::rngSeed());
  CHECK(worst < 1e-13);
  const std::vector<double> one_arm{-0.5, -0.25}, full{1.0, 1.0};
  CHECK(physics::detect_balanced(one_arm, full).positive == 0.0);
  CHECK(physics::detect_balanced(one_arm, full).negative == 0.75);
}

TEST_CASE("a broadband ring attenuates in the steps of its converter and never switches off") {
  const physics::broadband_microring ring({3, 6, 0.25, 3.0});
  CHECK(ring.full_level() == 63);
  CHECK(ring.transmission(63) == 1.0F);
  CHECK(ring.transmission(0) == 1.0F);
  CHECK(ring.transmission(21) == 21.0F / 63.0F);
  CHECK(ring.imprint(1.0) == 63);
  CHECK(ring.imprint(1e-9) == 1);
  for (std::uint32_t level = 1; level <= 63; ++level) {
    CHECK(ring.imprint(static_cast<double>(ring.transmission(level))) == level);
    CHECK(ring.imprint((level - 0.49) / 63.0) == level);
  }
  for (const double t : {0.0, -0.5, 1.01, nan}) {
    CAPTURE(t);
    CHECK_THROWS_AS(ring.imprint(t), std::domain_error);
  }
}

} // namespace sonic
