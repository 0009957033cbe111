// SPDX-License-Identifier: Apache-2.0
// Shot noise, thermal noise and the lasers' intensity noise of a photodetector with a load, and the bits that they
// leave of one symbol (Al-Qadasi et al., arXiv 2109.08025, eq. 8):
//   bits = (20 log10(R P / ((n(P) + n(0)) sqrt(rate / sqrt 2))) - 1.76) / 6.02,
//   n(P)^2 = 2 q (R P + I_dark) + 4 k T / R_load + R^2 P^2 RIN     in A^2/Hz.
#pragma once

#include <span>

namespace sonic::physics {

struct receiver_parameters {
  double responsivity_a_per_w = 0;
  double dark_current_a = 0;
  double load_ohm = 0;
  double temperature_k = 0;
  double relative_intensity_noise_db_per_hz = 0; ///< of each laser
};

/// Bandwidth that a receiver gives to a symbol: rate / sqrt 2.
double noise_bandwidth_hz(double symbol_rate_hz);

/// Standard deviation of the current of one symbol when one laser, or lasers with one noise, send @p power_mw.
/// @throws std::domain_error for a power below 0, or a rate that is not above 0
double symbol_noise_a(const receiver_parameters& receiver, double power_mw, double symbol_rate_hz);

/// The same for lasers that fluctuate each on its own: of the intensity noise, the squares of the powers add.
/// @param lane_powers_mw what arrives from each laser
double symbol_noise_a(const receiver_parameters& receiver, std::span<const double> lane_powers_mw,
                      double symbol_rate_hz);

/// The same in watts of light: current / responsivity.
double symbol_noise_w(const receiver_parameters& receiver, std::span<const double> lane_powers_mw,
                      double symbol_rate_hz);

/// Effective number of bits for a full-scale power; may be below 0 where noise drowns the symbol.
double effective_bits(const receiver_parameters& receiver, double power_mw, double symbol_rate_hz);

/// The bits of a signal and the noise beside it: (20 log10(signal / (noise of the highest level + noise of darkness)) -
/// 1.76) / 6.02.
double effective_bits_of(double signal, double bright_noise, double dark_noise);

/// What no power exceeds, because the lasers' noise grows with it: bits of 1 / sqrt(RIN rate / sqrt 2).
double effective_bits_ceiling(const receiver_parameters& receiver, double symbol_rate_hz);

/// The power that gives @p bits, by bisection between -150 and 100 dBm.
/// @throws std::domain_error where no power in that range does
double sensitivity_dbm(const receiver_parameters& receiver, double bits, double symbol_rate_hz);

} // namespace sonic::physics
