// SPDX-License-Identifier: Apache-2.0
// From the shipped configuration to energies, against figures on paper.
#include "tb/report/accounting.h"

#include "sonic/config/load.h"

#include <catch2/catch.hpp>

using namespace sonic;

namespace {

config::architecture shipped(const std::vector<std::string>& overrides = {}) {
  return config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", overrides);
}

} // namespace

TEST_CASE("the shipped chip with every published device in use draws 37.113 W") {
  // 50 x (5 x (1.3 + 40 + 3) + 2.8 + 62) + 10 x (50 x (1.3 + 3 + 40) + 2.8 + 62), arXiv 2109.04459 Table 2.
  for (const char* accounting : {"published", "full"}) {
    const auto t = report::energy_table(shipped({std::string("run.accounting=") + accounting}));
    CHECK(energy::fully_active_mw(t) == Approx(37113.0).epsilon(1e-12));
  }
}

TEST_CASE("the energy table gives each array its own converters and times") {
  const auto t = report::energy_table(shipped());
  CHECK(t.conv.streaming_dac_mw == 40.0);
  CHECK(t.conv.stationary_dac_mw == 3.0);
  CHECK(t.fc.streaming_dac_mw == 3.0);
  CHECK(t.fc.stationary_dac_mw == 40.0);
  CHECK(t.conv.streams_activations);
  CHECK_FALSE(t.fc.streams_activations);
  CHECK(t.conv.streaming_bytes == 2.0);
  CHECK(t.fc.streaming_bytes == 0.75);
  CHECK(t.conv.interval_ns == 14.0);
  CHECK(t.fc.retune_ns == 20.0);
  CHECK(t.gate_dac);
  CHECK_FALSE(t.full);
  // 4 uW/nm over one linewidth of 1550 nm / 8000; 27.5 mW/FSR x 2.1 nm / 18 nm x 0.6.
  CHECK(t.conv.electro_optic_mw == Approx(0.004 * 0.19375).epsilon(1e-12));
  CHECK(t.heater_mw == Approx(27.5 * 2.1 / 18.0 * 0.6).epsilon(1e-12));
}

TEST_CASE("step modes reach the energy table") {
  const auto every = report::energy_table(shipped({"step.mode=retune_every_step"}));
  CHECK(every.conv.interval_ns == 20.0);
  CHECK(every.conv.retune_ns == 0.0);
  const auto serial = report::energy_table(shipped({"step.mode=serial"}));
  // max(0.33, 0.25) + 20 + 0.07 + 0.0058 + 14
  CHECK(serial.conv.interval_ns == Approx(34.4058).epsilon(1e-12));
  CHECK_FALSE(report::energy_table(shipped({"gating=vcsel"})).gate_dac);
}

TEST_CASE("devices are counted as by hand") {
  const auto n = report::devices_of(shipped());
  // 50 units of 5 lanes and 10 of 50; two arms each; three rings in each unit's broadband filter.
  CHECK(n.vcsels == 50 * 5 + 10 * 50);
  CHECK(n.microrings == 2 * 750 + 3 * 60);
  CHECK(n.photodetectors == 2 * 60);
  CHECK(n.amplifiers == 2 * 60);
  CHECK(n.activation_dacs == 750);
  CHECK(n.weight_dacs == 750 + 50); // of the broadband filters of the CONV units
  CHECK(n.adcs == 60);
  CHECK(n.partial_sum_buffer_bytes == 512 * 1024);
  CHECK(report::devices_of(shipped({"batch_norm=electronic"})).weight_dacs == 750);
  CHECK(report::devices_of(shipped({"receiver.arms=1"})).microrings == 750 + 3 * 60);
  CHECK(report::devices_of(shipped({"devices.microring.slices=8", "modulator=microring", "gating=none"})).microrings ==
        750 * (2 * 8 + 8) + 3 * 60);
  CHECK(report::devices_of(shipped({"fc_array.adcs=3"})).adcs == 50 + 10 * 3);
  CHECK(report::devices_of(shipped({"fc_array.waveguides=10"})).photodetectors == 2 * (50 + 10 * 10));
  const auto spare =
      report::devices_of(shipped({"run.optics=physical", "faults.policy=spare_lanes", "faults.spare_lanes=1"}));
  CHECK(spare.vcsels == 50 * 6 + 10 * 51);
  const auto chip = shipped();
  // mm2: 750 x 0.006153 + 1680 x 0.00041 + 120 x (0.001846 + 0.002769) + 750 x 0.06 + 800 x 0.011 + 60 x 0.014
  //      + 1920 KiB x 5.2185 um2/B
  const double by_hand = 4.61475 + 0.6888 + 0.5538 + 45.0 + 8.8 + 0.84 + 1920 * 1024 * 5.2185e-6;
  CHECK(energy::total_mm2(chip.areas, n) == Approx(by_hand).epsilon(1e-12));
}

TEST_CASE("operand bits are counted as by hand") {
  core::activity done;
  done.conv.stream_lane_symbols = 1000; // activations of 16 bits
  done.conv.imprinted_rings = 7;        // weights of 6 bits
  done.fc.stream_lane_symbols = 300;    // weights
  done.fc.imprinted_rings = 11;         // activations
  done.post_elements = 13;              // outputs of 16 bits
  CHECK(report::operand_bits(shipped(), done) == 1000 * 16 + 7 * 6 + 300 * 6 + 11 * 16 + 13 * 16);
  // Values that only stay on the rings, and symbols, move no operand.
  done.conv.held_lane_symbols = 1000000;
  done.fc.symbols = 1000000;
  CHECK(report::operand_bits(shipped(), done) == 18226);
  CHECK(report::operand_bits(shipped({"devices.weight_dac.bits=4"}), done) == 1000 * 16 + 7 * 4 + 300 * 4 + 24 * 16);
}

TEST_CASE("one symbol of each array costs what its devices draw for 14 ns") {
  core::activity done;
  done.conv.symbols = 1;
  done.conv.stream_lane_symbols = 5;
  done.conv.held_lane_symbols = 5;
  done.conv.gated_lane_symbols = 2;
  const auto published = report::energy_table(shipped());
  // Three lanes driven, five rings held: 3 x (1.3 + 40) + 5 x 3 + 2.8 + 62 mW.
  CHECK(report::energy_of(published, done, 14.0).total_pj() == Approx((3 * 41.3 + 15 + 64.8) * 14.0).epsilon(1e-12));
  const auto full = report::energy_table(shipped({"run.accounting=full"}));
  CHECK(report::energy_of(full, done, 14.0).total_pj() > report::energy_of(published, done, 14.0).total_pj());
}
