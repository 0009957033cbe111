// SPDX-License-Identifier: Apache-2.0
// The receiver beside its published equation, its inverse, and noise drawn symbol by symbol.
#include "sonic/physics/receiver_noise.h"
#include "sonic/physics/counter_random.h"
#include "sonic/physics/decibel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace sonic {

namespace {

/// The constants of arXiv 2109.08025: 1.2 A/W, 35 nA, 50 ohm, k T = 0.0259 V x q, -140 dB/Hz.
physics::receiver_parameters published_receiver() {
  return {1.2, 35e-9, 50.0, 0.0259 * 1.602176634e-19 / 1.380649e-23, -140.0};
}

constexpr double sonic_rate_hz = 1.0 / 14e-9; // one conversion of SONIC's ADC

/// The equation solved for the current: I / k - n(0) = n(I) with k the signal over noise, a quadratic in I.
double sensitivity_by_hand_dbm(double bits, double rate_hz) {
  const auto receiver = published_receiver();
  const double q = 1.602176634e-19, rin = 1e-14;
  const double dark2 = 2 * q * receiver.dark_current_a + 4 * 0.0259 * q / receiver.load_ohm;
  const double k = std::pow(10.0, (6.02 * bits + 1.76) / 20.0) * std::sqrt(rate_hz / std::sqrt(2.0));
  // I^2 / k^2 - 2 I n0 / k = 2 q I + rin I^2
  const double current = (2 * q + 2 * std::sqrt(dark2) / k) / (1 / (k * k) - rin);
  return physics::dbm_of_mw(current / receiver.responsivity_a_per_w * 1e3);
}

} // namespace

TEST_CASE("the power for a number of bits is the published equation's") {
  struct row {
    double rate_hz, bits, power_dbm;
  };
  const row table[] = {{sonic_rate_hz, 1, -32.8}, {sonic_rate_hz, 4, -23.7}, {sonic_rate_hz, 6, -17.7},
                       {sonic_rate_hz, 8, -11.4}, {sonic_rate_hz, 10, 1.5},  {1e9, 1, -27.0},
                       {1e9, 4, -18.0},           {1e9, 6, -11.7},           {1e9, 8, -0.5},
                       {5e9, 1, -23.5},           {5e9, 4, -14.4},           {5e9, 6, -7.3},
                       {10e9, 1, -22.0},          {10e9, 4, -12.8},          {10e9, 6, -4.3}};
  double worst_dbm = 0.0, worst_by_hand = 0.0, worst_inverse = 0.0;
  for (const row& expected : table) {
    CAPTURE(expected.rate_hz, expected.bits);
    const double power_dbm = physics::sensitivity_dbm(published_receiver(), expected.bits, expected.rate_hz);
    const double by_hand_dbm = sensitivity_by_hand_dbm(expected.bits, expected.rate_hz);
    const double bits = physics::effective_bits(published_receiver(), physics::mw_of_dbm(power_dbm), expected.rate_hz);
    WARN(expected.rate_hz / 1e9 << " GS/s, " << expected.bits << " bits: " << power_dbm << " dBm ("
                                << expected.power_dbm << ")");
    worst_dbm = std::max(worst_dbm, std::abs(power_dbm - expected.power_dbm));
    worst_by_hand = std::max(worst_by_hand, std::abs(power_dbm - by_hand_dbm));
    worst_inverse = std::max(worst_inverse, std::abs(bits - expected.bits));
  }
  WARN("largest deviation from the table " << worst_dbm << " dB, from the quadratic solved " << worst_by_hand
                                           << " dB, of the bits at that power " << worst_inverse);
  CHECK(worst_dbm <= 0.051); // the table has one digit
  CHECK(worst_by_hand < 1e-8);
  CHECK(worst_inverse < 1e-8);
}

TEST_CASE("the lasers' noise sets a ceiling on the bits") {
  struct row {
    double rate_hz, bits;
  };
  for (const row& expected : {row{sonic_rate_hz, 10.2}, row{1e9, 8.3}, row{5e9, 7.1}, row{10e9, 6.6}}) {
    const double ceiling = physics::effective_bits_ceiling(published_receiver(), expected.rate_hz);
    WARN(expected.rate_hz / 1e9 << " GS/s: at most " << ceiling << " bits (" << expected.bits << ")");
    CHECK(std::abs(ceiling - expected.bits) <= 0.05);
    CHECK(physics::effective_bits(published_receiver(), 1e9, expected.rate_hz) == Approx(ceiling).margin(1e-3));
    CHECK_THROWS_AS(physics::sensitivity_dbm(published_receiver(), ceiling + 0.01, expected.rate_hz),
                    std::domain_error);
  }
  CHECK_THROWS_AS(physics::sensitivity_dbm(published_receiver(), 16.0, sonic_rate_hz), std::domain_error);
}

TEST_CASE("each noise alone has its textbook size") {
  const double bandwidth_hz = physics::noise_bandwidth_hz(1e9), q = 1.602176634e-19, k = 1.380649e-23;
  CHECK(bandwidth_hz == Approx(1e9 / std::sqrt(2.0)));
  const physics::receiver_parameters shot{1.0, 0.0, 1e30, 300.0, -1000.0};
  CHECK(physics::symbol_noise_a(shot, 1.0, 1e9) == Approx(std::sqrt(2 * q * 1e-3 * bandwidth_hz)).epsilon(1e-12));
  const physics::receiver_parameters thermal{1.0, 0.0, 50.0, 300.0, -1000.0};
  CHECK(physics::symbol_noise_a(thermal, 0.0, 1e9) ==
        Approx(std::sqrt(4 * k * 300.0 / 50.0 * bandwidth_hz)).epsilon(1e-12));
  const physics::receiver_parameters intensity{1.0, 0.0, 1e30, 0.0, -100.0};
  CHECK(physics::symbol_noise_a(intensity, 1.0, 1e9) ==
        Approx(1e-3 * std::sqrt(1e-10 * bandwidth_hz)).epsilon(2e-6)); // shot noise has 3e-6 of its power
  CHECK_THROWS_AS(physics::symbol_noise_a(shot, -1.0, 1e9), std::domain_error);
  CHECK_THROWS_AS(physics::symbol_noise_a(shot, 1.0, 0.0), std::domain_error);
}

TEST_CASE("lasers that fluctuate each on its own are quieter together by the root of their number") {
  const physics::receiver_parameters intensity{1.0, 0.0, 1e30, 0.0, -100.0};
  const std::vector<double> lanes(25, 0.04);
  const double together = physics::symbol_noise_a(intensity, lanes, 1e9);
  CHECK(together == Approx(physics::symbol_noise_a(intensity, 1.0, 1e9) / 5.0).epsilon(1e-4));
  CHECK(physics::symbol_noise_w(intensity, lanes, 1e9) == together);
  const std::vector<double> one{0.7};
  CHECK(physics::symbol_noise_a(published_receiver(), one, 1e9) ==
        physics::symbol_noise_a(published_receiver(), 0.7, 1e9));
  CHECK_THROWS_AS(physics::symbol_noise_a(intensity, std::vector<double>{1.0, -0.1}, 1e9), std::domain_error);
}

TEST_CASE("the bits measured of noisy symbols are those of the equation") {
  constexpr std::size_t symbols = 100000;
  const std::uint64_t seed = 20210908;
  const auto receiver = published_receiver();
  double worst = 0.0;
  std::uint64_t stream = physics::stream_of(physics::random_purpose::receiver, 0);
  for (const double rate_hz : {sonic_rate_hz, 1e9, 5e9}) {
    for (const double power_dbm : {-30.0, -15.0, -5.0, 3.0}) {
      const double power_mw = physics::mw_of_dbm(power_dbm);
      const auto received = [&](double level_mw) {
        std::vector<double> currents(symbols);
        physics::fill_normal(seed, stream++, 0, currents);
        const double noise_a = physics::symbol_noise_a(receiver, level_mw, rate_hz);
        double mean = 0.0, squares = 0.0;
        for (double& current : currents) {
          current = receiver.responsivity_a_per_w * level_mw * 1e-3 + noise_a * current;
          mean += current / symbols;
        }
        for (const double current : currents) {
          squares += (current - mean) * (current - mean) / symbols;
        }
        return std::pair{mean, std::sqrt(squares)};
      };
      const auto [bright, bright_noise] = received(power_mw);
      const auto [dark, dark_noise] = received(0.0);
      const double measured = physics::effective_bits_of(bright - dark, bright_noise, dark_noise);
      const double closed = physics::effective_bits(receiver, power_mw, rate_hz);
      worst = std::max(worst, std::abs(measured - closed));
    }
  }
  WARN("largest deviation of the measured bits " << worst << ", seed " << seed << ", " << symbols << " symbols");
  CHECK(worst < 0.1);
}

} // namespace sonic
