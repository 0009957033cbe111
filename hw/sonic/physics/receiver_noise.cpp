// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/receiver_noise.h"

#include "sonic/physics/decibel.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace sonic::physics {

namespace {

constexpr double elementary_charge_c = 1.602176634e-19; // SI, exact
constexpr double boltzmann_j_per_k = 1.380649e-23;      // SI, exact
constexpr double w_per_mw = 1e-3;

/// @param intensity_noise_power_w2 the square of the power, or the sum of the squares, that fluctuates
double noise_a(const receiver_parameters& receiver, double power_w, double intensity_noise_power_w2,
               double symbol_rate_hz) {
  if (!(power_w >= 0.0) || !(symbol_rate_hz > 0.0)) {
    throw std::domain_error("a receiver's light is not negative and its symbols take time");
  }
  const double r = receiver.responsivity_a_per_w;
  const double shot = 2.0 * elementary_charge_c * (r * power_w + receiver.dark_current_a);
  const double thermal = 4.0 * boltzmann_j_per_k * receiver.temperature_k / receiver.load_ohm;
  const double intensity =
      r * r * intensity_noise_power_w2 * ratio_of_decibel(receiver.relative_intensity_noise_db_per_hz);
  return std::sqrt((shot + thermal + intensity) * noise_bandwidth_hz(symbol_rate_hz));
}

} // namespace

double noise_bandwidth_hz(double symbol_rate_hz) {
  return symbol_rate_hz / std::numbers::sqrt2;
}

double symbol_noise_a(const receiver_parameters& receiver, double power_mw, double symbol_rate_hz) {
  const double power_w = power_mw * w_per_mw;
  return noise_a(receiver, power_w, power_w * power_w, symbol_rate_hz);
}

double symbol_noise_a(const receiver_parameters& receiver, std::span<const double> lane_powers_mw,
                      double symbol_rate_hz) {
  double power_w = 0.0, squares_w2 = 0.0;
  for (const double lane_mw : lane_powers_mw) {
    if (!(lane_mw >= 0.0)) {
      throw std::domain_error("a lane's light is not negative");
    }
    power_w += lane_mw * w_per_mw;
    squares_w2 += lane_mw * w_per_mw * lane_mw * w_per_mw;
  }
  return noise_a(receiver, power_w, squares_w2, symbol_rate_hz);
}

double symbol_noise_w(const receiver_parameters& receiver, std::span<const double> lane_powers_mw,
                      double symbol_rate_hz) {
  return symbol_noise_a(receiver, lane_powers_mw, symbol_rate_hz) / receiver.responsivity_a_per_w;
}

double effective_bits_of(double signal, double bright_noise, double dark_noise) {
  return (20.0 * std::log10(signal / (bright_noise + dark_noise)) - 1.76) / 6.02;
}

double effective_bits(const receiver_parameters& receiver, double power_mw, double symbol_rate_hz) {
  return effective_bits_of(receiver.responsivity_a_per_w * power_mw * w_per_mw,
                           symbol_noise_a(receiver, power_mw, symbol_rate_hz),
                           symbol_noise_a(receiver, 0.0, symbol_rate_hz));
}

double effective_bits_ceiling(const receiver_parameters& receiver, double symbol_rate_hz) {
  const double noise_per_signal =
      std::sqrt(ratio_of_decibel(receiver.relative_intensity_noise_db_per_hz) * noise_bandwidth_hz(symbol_rate_hz));
  return effective_bits_of(1.0, noise_per_signal, 0.0);
}

double sensitivity_dbm(const receiver_parameters& receiver, double bits, double symbol_rate_hz) {
  double too_little_dbm = -150.0, enough_dbm = 100.0;
  const auto reaches = [&](double power_dbm) {
    return effective_bits(receiver, mw_of_dbm(power_dbm), symbol_rate_hz) >= bits;
  };
  if (!reaches(enough_dbm) || reaches(too_little_dbm)) {
    throw std::domain_error("no power gives a receiver this number of bits");
  }
  while (enough_dbm - too_little_dbm > 1e-9) {
    const double middle_dbm = (too_little_dbm + enough_dbm) / 2.0;
    (reaches(middle_dbm) ? enough_dbm : too_little_dbm) = middle_dbm;
  }
  return enough_dbm;
}

} // namespace sonic::physics
