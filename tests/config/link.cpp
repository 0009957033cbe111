// SPDX-License-Identifier: Apache-2.0
// The light of a unit's worst lane as configured, beside sums by hand.
#include "sonic/config/link.h"
#include "sonic/config/load.h"
#include "sonic/physics/decibel.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

using namespace sonic;
using config::array_kind;

namespace {

config::architecture chip_with(const std::vector<std::string>& overrides) {
  return config::load_architecture(std::string(SONIC_SOURCE_DIR) + "/configs/sonic.yaml", overrides);
}

} // namespace

TEST_CASE("the shipped chip loses what its path adds up to") {
  const auto chip = chip_with({});
  // Combiner 0.9, half of the light and 0.13 for two arms, own ring 0.72, broadband ring 0.72; 15 um and 0.02 dB for
  // each ring: 5 on a CONV waveguide, 50 on FC.
  const double half_db = 10.0 * std::log10(2.0);
  const double conv_db = 0.9 + half_db + 0.13 + 0.72 + 0.72 + 4 * 0.02 + 5 * 15e-4 * 1.0;
  const double fc_db = 0.9 + half_db + 0.13 + 0.72 + 0.72 + 49 * 0.02 + 50 * 15e-4 * 1.0;
  const auto conv = config::link_of(chip, array_kind::conv), fc = config::link_of(chip, array_kind::fc);
  WARN("CONV " << conv.total_loss_db() << " dB (" << conv_db << "), FC " << fc.total_loss_db() << " dB (" << fc_db
               << "), laser " << conv.laser_dbm << " dBm, needed " << conv.sensitivity_dbm << " dBm");
  CHECK(std::abs(conv.total_loss_db() - conv_db) < 0.01);
  CHECK(std::abs(fc.total_loss_db() - fc_db) < 0.01);
  CHECK(std::abs(conv.laser_dbm - 10.0 * std::log10(1.3 * 0.15)) < 1e-9); // 1.3 mW at 15 %
  CHECK(std::abs(conv.sensitivity_dbm - -23.7) < 0.05);                   // 4 bits at 14 ns a symbol (docs/optics.md)
  CHECK(fc.largest_term() == physics::loss_term::splitting);
}

TEST_CASE("lanes on more waveguides pass fewer rings") {
  const auto chip = chip_with({"fc_array.waveguides=4"});
  CHECK(config::rings_on_waveguide(chip, array_kind::fc) == 13);
  const double by_hand = 0.9 + 10.0 * std::log10(2.0) + 0.13 + 0.72 + 0.72 + 12 * 0.02 + 13 * 15e-4;
  CHECK(std::abs(config::link_of(chip, array_kind::fc).total_loss_db() - by_hand) < 0.01);
}

TEST_CASE("lasers without noise have no ceiling") {
  const auto chip = chip_with({"effects.intensity_noise=off", "receiver.required_bits=12"});
  const auto link = config::link_of(chip, array_kind::conv);
  const double bits = physics::effective_bits(config::receiver_of(chip), physics::mw_of_dbm(link.sensitivity_dbm),
                                              config::symbol_rate_hz(chip, array_kind::conv));
  CHECK(bits == Approx(12.0).margin(1e-6));
}
