// SPDX-License-Identifier: Apache-2.0
// Links beside sums made by hand.
#include "sonic/physics/link_budget.h"
#include "sonic/physics/decibel.h"
#include "sonic/physics/receiver_noise.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace sonic {

using physics::loss_term;

namespace {

/// A lane of SONIC with CrossLight's losses (arXiv 2102.06960) and a ring every 15 um.
physics::optical_path sonic_lane(int lanes) {
  physics::optical_path path;
  path.combiner_db = 0.9;
  path.propagation_db_per_cm = 1.0;
  path.length_cm = lanes * 15e-4;
  path.ring_db = 0.72;
  path.ring_passed_db = 0.02;
  path.rings_passed = lanes - 1;
  return path;
}

/// Modulators, splitters and weights in this order with N = M (Al-Qadasi et al., arXiv 2109.08025).
physics::optical_path modulator_first(int vector_length, double penalty_db = 4.8) {
  physics::optical_path path;
  path.coupling_db = 1.6;
  path.propagation_db_per_cm = 3.0;
  path.length_cm = vector_length * 0.002;
  path.modulator_db = 4.0;
  path.modulator_passed_db = 0.01;
  path.modulators_passed = vector_length - 1;
  path.branches = vector_length;
  path.splitter_excess_db_per_stage = 0.01;
  path.ring_db = 0.01;
  path.ring_passed_db = 0.01;
  path.rings_passed = vector_length - 1;
  path.penalty_db = penalty_db;
  return path;
}

} // namespace

TEST_CASE("the losses of a lane add up as by hand") {
  struct row {
    const char* name;
    physics::optical_path path;
    double loss_db;
  };
  auto conv_scaled = sonic_lane(5), fc_scaled = sonic_lane(50), fc_shared = sonic_lane(50);
  conv_scaled.broadband_ring_db = fc_scaled.broadband_ring_db = 0.72;
  fc_shared.wavelengths_per_laser = 50;
  const row table[] = {{"CONV", sonic_lane(5), 0.9 + 0.0075 + 0.72 + 0.08},
                       {"CONV, batch norm", conv_scaled, 2.4275},
                       {"FC", sonic_lane(50), 0.9 + 0.075 + 0.72 + 0.98},
                       {"FC, batch norm", fc_scaled, 3.395},
                       {"FC, one laser", fc_shared, 2.675 + 16.9897},
                       // 1.6 + 0.186 + 4 + 0.3 + 14.9136 + 0.0495 + 0.01 + 0.3 + 4.8
                       {"31 x 31, modulators first", modulator_first(31), 26.1592}};
  double worst = 0.0;
  for (const row& expected : table) {
    const auto budget = physics::budget_of(expected.path, 0.0, -20.0);
    WARN(expected.name << ": " << budget.total_loss_db() << " dB (" << expected.loss_db << "), largest "
                       << physics::name_of(budget.largest_term()));
    worst = std::max(worst, std::abs(budget.total_loss_db() - expected.loss_db));
    CHECK(budget.margin_db() == Approx(20.0 - expected.loss_db).margin(0.01));
  }
  WARN("largest deviation " << worst << " dB");
  CHECK(worst < 0.001);
}

TEST_CASE("links of 4 bits close up to the vector lengths that were published for them") {
  // HEANA's comparison of orders of modulation and weighting, with 10 dBm a laser; the penalties are those of the
  // orders.
  struct row {
    const char* order;
    double rate_hz, penalty_db;
    int published;
  };
  const physics::receiver_parameters receiver{1.2, 35e-9, 50.0, 300.56, -140.0};
  int worst = 0;
  for (const row& expected : {row{"MAW", 1e9, 4.8, 43}, row{"AMW", 1e9, 5.8, 36}, row{"HEANA", 1e9, 1.8, 73},
                              row{"MAW", 5e9, 4.8, 21}, row{"HEANA", 5e9, 1.8, 39}}) {
    const double needed_dbm = physics::sensitivity_dbm(receiver, 4.0, expected.rate_hz);
    const auto closes = [&](int length) {
      return physics::budget_of(modulator_first(length, expected.penalty_db), 10.0, needed_dbm).margin_db() >= 0.0;
    };
    int length = 1;
    while (closes(length + 1)) {
      ++length;
    }
    WARN(expected.order << " at " << expected.rate_hz / 1e9 << " GS/s: " << length << " (" << expected.published
                        << ")");
    worst = std::max(worst, std::abs(length - expected.published));
  }
  CHECK(worst <= 1);
}

TEST_CASE("a budget says which loss is largest") {
  const auto conv = physics::budget_of(sonic_lane(5), 0.0, -20.0);
  CHECK(conv.largest_term() == loss_term::combiner);
  CHECK(conv.loss_db(loss_term::rings_passed) == Approx(0.08));
  CHECK(physics::budget_of(sonic_lane(50), 0.0, -20.0).largest_term() == loss_term::rings_passed);
  CHECK(physics::budget_of(modulator_first(31), 10.0, -14.4).largest_term() == loss_term::splitting);
  auto far = sonic_lane(5);
  far.length_cm = 1.0;
  CHECK(physics::budget_of(far, 0.0, -20.0).largest_term() == loss_term::propagation);
  CHECK(physics::name_of(loss_term::wavelength_sharing) == "wavelength sharing");
  CHECK(physics::name_of(loss_term::penalty) == "penalty");
}

TEST_CASE("the required laser closes the link exactly, and draws its power through the wall plug") {
  const double laser_dbm = physics::required_laser_dbm(sonic_lane(50), -11.4, 2.0);
  CHECK(laser_dbm == Approx(-11.4 + 2.675 + 2.0).margin(1e-9));
  CHECK(physics::budget_of(sonic_lane(50), laser_dbm, -11.4).margin_db() == Approx(2.0).margin(1e-9));
  CHECK(physics::laser_electrical_mw(10.0, 0.1) == Approx(100.0));
  CHECK(physics::laser_electrical_mw(0.0, 0.2) == Approx(5.0));
  CHECK_THROWS_AS(physics::laser_electrical_mw(0.0, 0.0), std::domain_error);
  CHECK_THROWS_AS(physics::laser_electrical_mw(0.0, 1.1), std::domain_error);
}

TEST_CASE("a waveguide holds so many wavelengths of so much power") {
  // 30 wavelengths of 1 mW are the 30 mW that silicon bears, and 6.02 dB below the 120 mW of silicon nitride.
  CHECK(physics::waveguide_headroom_db(0.0, 30, physics::silicon_waveguide_limit_mw) == Approx(0.0).margin(1e-12));
  CHECK(physics::waveguide_headroom_db(0.0, 30, physics::silicon_nitride_waveguide_limit_mw) == Approx(6.0206));
  CHECK(physics::waveguide_headroom_db(0.0, 50, physics::silicon_waveguide_limit_mw) < 0.0);
  CHECK_THROWS_AS(physics::waveguide_headroom_db(0.0, 0.0, 30.0), std::domain_error);
  CHECK_THROWS_AS(physics::waveguide_headroom_db(0.0, 1.0, 0.0), std::domain_error);
}

TEST_CASE("a path that cannot be is refused") {
  const auto refused = [](auto change) {
    auto path = sonic_lane(5);
    change(path);
    CHECK_THROWS_AS(physics::budget_of(path, 0.0, -20.0), std::domain_error);
  };
  refused([](auto& path) { path.combiner_db = -0.1; });
  refused([](auto& path) { path.length_cm = -1.0; });
  refused([](auto& path) { path.rings_passed = -1; });
  refused([](auto& path) { path.branches = 0.0; });
  refused([](auto& path) { path.wavelengths_per_laser = 0.5; });
  refused([](auto& path) { path.penalty_db = std::numeric_limits<double>::quiet_NaN(); });
}

} // namespace sonic
