// SPDX-License-Identifier: Apache-2.0
#include "sonic/energy/energy.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

namespace sonic {

namespace {

using energies = std::map<std::string, double>; // pJ by device

/// arXiv 2109.04459: best configuration and Table 2; one symbol per 14 ns, the ADC's time; 20 ns per imprint.
energy::table paper() {
  energy::table t;
  t.conv.units = 50;
  t.conv.lanes = 5;
  t.conv.streaming_dac_mw = 40;
  t.conv.stationary_dac_mw = 3;
  t.conv.streaming_bytes = 2;
  t.conv.stationary_bytes = 0.75;
  t.fc.units = 10;
  t.fc.lanes = 50;
  t.fc.streaming_dac_mw = 3;
  t.fc.stationary_dac_mw = 40;
  t.fc.streaming_bytes = 0.75;
  t.fc.stationary_bytes = 2;
  t.fc.streams_activations = false;
  for (auto* a : {&t.conv, &t.fc}) {
    a->interval_ns = 14;
    a->retune_ns = 20;
    a->vcsel_mw = 1.3;
    a->photodetector_mw = 2.8;
    a->adc_mw = 62;
    a->electro_optic_mw = 0.001;
  }
  // Figures of the full accounting: round, and all different.
  t.detector_arms = 2;
  t.amplifier_mw = 7;
  t.broadband_dac_mw = 3;
  t.broadband_rings = 3;
  t.heater_mw = 2;
  t.global_buffer = {0.9, 1.1, 800};
  t.weight_buffer = {0.5, 1.0, 270};
  t.activation_buffer = {0.4, 0.8, 130};
  t.partial_sum_buffer = {0.3, 0.6, 260};
  t.memory_pj_per_byte = 31;
  t.accumulator_pj = 0.15;
  t.post_processor_pj = 0.4;
  t.control_mw = 49;
  return t;
}

struct activity {
  energy::array_actions conv, fc;
  energy::chip_actions chip;
};

activity draw_activity(std::mt19937& random) {
  const auto draw = [&](std::uint64_t most) { return std::uniform_int_distribution<std::uint64_t>(0, most)(random); };
  const auto array = [&] {
    energy::array_actions a;
    a.stream_lane_symbols = draw(1'000'000'000);
    a.gated_lane_symbols = draw(a.stream_lane_symbols);
    a.held_lane_symbols = draw(1'000'000'000);
    a.imprinted_rings = draw(1'000'000);
    a.symbols = draw(200'000'000);
    a.ring_retunes = draw(100'000);
    return a;
  };
  activity done{array(), array(), {}};
  done.fc.ring_retunes = 0;
  done.chip = {draw(1 << 30), draw(1 << 30), draw(1 << 30), draw(1 << 30), draw(1 << 30)};
  return done;
}

energies by_device(const energy::report& r) {
  energies found;
  for (const auto& l : r.lines) {
    CHECK(found.emplace(l.device, l.dynamic_pj + l.static_pj).second); // one line per device
  }
  return found;
}

energies evaluate(const energy::table& t, const activity& done, double elapsed_ns) {
  return by_device(energy::evaluate(t, done.conv, done.fc, done.chip, elapsed_ns));
}

/// Largest relative deviation; both must name the same devices.
double deviation(const energies& found, const energies& expected) {
  REQUIRE(found.size() == expected.size());
  double worst = 0.0;
  for (const auto& [device, pj] : expected) {
    CAPTURE(device);
    REQUIRE(found.count(device) == 1);
    worst = std::max(worst, std::abs(found.at(device) - pj) / std::max(1.0, std::abs(pj)));
  }
  return worst;
}

double real(std::uint64_t count) {
  return static_cast<double>(count);
}

/// Actions times the energies that Table 2 gives them: power x 14 ns, and x 20 ns for an imprint.
energies published_actions(const activity& a) {
  const auto driven = [](const energy::array_actions& x) { return real(x.stream_lane_symbols - x.gated_lane_symbols); };
  return {
      {"vcsel", 18.2 * (driven(a.conv) + driven(a.fc))},
      {"activation_dac", 560.0 * (driven(a.conv) + real(a.fc.held_lane_symbols)) + 800.0 * real(a.fc.imprinted_rings)},
      {"weight_dac", 42.0 * (driven(a.fc) + real(a.conv.held_lane_symbols)) + 60.0 * real(a.conv.imprinted_rings)},
      {"photodetector", 39.2 * real(a.conv.symbols + a.fc.symbols)},
      {"adc", 868.0 * real(a.conv.symbols + a.fc.symbols)},
  };
}

/// Every device of both arrays in use for @p symbols symbols of every unit.
activity everything(std::uint64_t symbols) {
  activity a;
  a.conv.symbols = 50 * symbols;
  a.conv.stream_lane_symbols = a.conv.held_lane_symbols = 5 * a.conv.symbols;
  a.fc.symbols = 10 * symbols;
  a.fc.stream_lane_symbols = a.fc.held_lane_symbols = 50 * a.fc.symbols;
  return a;
}

} // namespace

TEST_CASE("the fully active chip draws the 37.1 W of the paper's device table") {
  auto t = paper();
  const double conv_mw = 5 * (40 + 1.3) + 5 * 3 + 2.8 + 62;
  const double fc_mw = 50 * (3 + 1.3) + 50 * 40 + 2.8 + 62;
  CHECK(conv_mw == Approx(286.3).epsilon(1e-15));
  CHECK(fc_mw == Approx(2279.8).epsilon(1e-15));
  CHECK(energy::fully_active_mw(t) == Approx(37113.0).epsilon(1e-14));
  const auto done = everything(1000);
  const double power_mw = energy::evaluate(t, done.conv, done.fc, done.chip, 14000.0).total_pj() / 14000.0;
  CHECK(power_mw == Approx(37113.0).epsilon(1e-14));
  WARN("from the table " << energy::fully_active_mw(t) - 37113.0 << " mW, from counted actions " << power_mw - 37113.0
                         << " mW off 37113 mW");
  t.full = true;
  CHECK(energy::fully_active_mw(t) == Approx(37113.0).epsilon(1e-14));
}

TEST_CASE("published energy is the sum of actions times energy per action, whatever the counts") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  double worst = 0.0;
  for (int round = 0; round < 200; ++round) {
    const auto done = draw_activity(random);
    worst = std::max(worst, deviation(evaluate(paper(), done, 1e9), published_actions(done)));
  }
  WARN("largest relative deviation " << worst << ", seed " << Catch::rngSeed());
  CHECK(worst < 1e-14);
}

TEST_CASE("full energy adds receiver, tuning, memories, digital blocks and control") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  auto t = paper();
  t.full = true;
  double worst = 0.0;
  for (int round = 0; round < 200; ++round) {
    const auto a = draw_activity(random);
    const double elapsed_ns = 1e9;
    const double sums = real(a.conv.symbols + a.fc.symbols);
    const double moved = real(a.chip.bytes_loaded + a.chip.bytes_stored);
    auto expected = published_actions(a);
    expected["photodetector"] *= 2;
    expected["transimpedance_amplifier"] = 2 * 7.0 * 14 * sums;
    expected["electro_optic_tuning"] = 0.001 * (14 * real(a.conv.held_lane_symbols + a.fc.held_lane_symbols) +
                                                20 * real(a.conv.imprinted_rings + a.fc.imprinted_rings));
    expected["thermo_optic_tuning"] = 2.0 * (50 * (2 * 5 + 3) + 10 * (2 * 50 + 3)) * elapsed_ns;
    expected["broadband_microring"] = 42.0 * real(a.conv.symbols) + 60.0 * real(a.conv.ring_retunes);
    expected["global_buffer"] = (0.9 + 1.1) * moved + 800 * elapsed_ns;
    expected["weight_buffer"] = 0.5 * 0.75 * real(a.conv.imprinted_rings + a.fc.stream_lane_symbols) +
                                1.0 * real(a.chip.weight_bytes) + 270 * elapsed_ns;
    expected["activation_buffer"] = 0.4 * 2 * real(a.fc.imprinted_rings + a.conv.stream_lane_symbols) +
                                    0.8 * real(a.chip.activation_bytes) + 130 * elapsed_ns;
    expected["partial_sum_buffer"] = (0.3 + 0.6) * 4 * sums + 260 * elapsed_ns;
    expected["memory"] = 31 * moved;
    expected["accumulator"] = 0.15 * sums;
    expected["post_processor"] = 0.4 * real(a.chip.post_elements);
    expected["control"] = 49 * elapsed_ns;
    worst = std::max(worst, deviation(evaluate(t, a, elapsed_ns), expected));
  }
  WARN("largest relative deviation " << worst << ", seed " << Catch::rngSeed());
  CHECK(worst < 1e-14);
}

TEST_CASE("a zero costs the converter its energy unless the converter is gated with the laser") {
  activity done = everything(10);
  done.conv.gated_lane_symbols = done.conv.stream_lane_symbols / 2;
  auto t = paper();
  const auto both = evaluate(t, done, 140.0);
  t.gate_dac = false;
  const auto laser_only = evaluate(t, done, 140.0);
  const double zeros = real(done.conv.gated_lane_symbols);
  CHECK(laser_only.at("activation_dac") - both.at("activation_dac") == Approx(560.0 * zeros));
  CHECK(laser_only.at("vcsel") == both.at("vcsel"));
}

TEST_CASE("a laser in front of a modulating ring stays on, and the ring holds every value") {
  activity done = everything(10);
  done.conv.gated_lane_symbols = done.conv.stream_lane_symbols / 2;
  auto t = paper();
  t.full = true;
  const auto direct = evaluate(t, done, 140.0);
  t.conv.modulators = 8;
  t.conv.slices = 8;
  const auto rings = evaluate(t, done, 140.0);
  const double zeros = real(done.conv.gated_lane_symbols);
  CHECK(rings.at("vcsel") - direct.at("vcsel") == Approx(1.3 * 14.0 * zeros));
  CHECK(rings.at("activation_dac") == direct.at("activation_dac")); // still gated with its zero
  const double held = real(done.conv.held_lane_symbols) * 14.0 + real(done.conv.imprinted_rings) * 20.0;
  CHECK(rings.at("electro_optic_tuning") - direct.at("electro_optic_tuning") ==
        Approx(0.001 * (7.0 * held + 8.0 * 14.0 * real(done.conv.stream_lane_symbols))));
  // Of each of 250 lanes: two arms of eight rings instead of one each, and eight rings that modulate.
  CHECK(energy::heaters_mw(t, t.conv) - energy::heaters_mw(paper(), paper().conv) == Approx(250 * 22 * 2.0));
}

TEST_CASE("idle devices draw their share: none, part, or as if always in use") {
  auto t = paper();
  const activity nothing;
  CHECK(energy::evaluate(t, nothing.conv, nothing.fc, nothing.chip, 1000.0).total_pj() == 0.0);
  t.idle_fraction = 0.1;
  CHECK(energy::evaluate(t, nothing.conv, nothing.fc, nothing.chip, 1000.0).total_pj() == Approx(3711300.0));
  t.idle_fraction = 1.0;
  activity some = everything(10);
  some.conv.gated_lane_symbols = 17;
  CHECK(energy::evaluate(t, some.conv, some.fc, some.chip, 1000.0).total_pj() == Approx(37113000.0));
  // Functional timing: no time passes, actions alone count.
  CHECK(energy::evaluate(t, some.conv, some.fc, some.chip, 0.0).total_pj() ==
        Approx(140 * 37113.0 - 17 * (18.2 + 560.0)));
}

TEST_CASE("actions of layers add up to those of the run") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  auto t = paper();
  t.full = true;
  const auto first = draw_activity(random), second = draw_activity(random);
  activity both = first;
  const auto add = [](energy::array_actions& to, const energy::array_actions& from) {
    to.stream_lane_symbols += from.stream_lane_symbols;
    to.gated_lane_symbols += from.gated_lane_symbols;
    to.held_lane_symbols += from.held_lane_symbols;
    to.imprinted_rings += from.imprinted_rings;
    to.symbols += from.symbols;
    to.ring_retunes += from.ring_retunes;
  };
  add(both.conv, second.conv);
  add(both.fc, second.fc);
  both.chip.bytes_loaded += second.chip.bytes_loaded;
  both.chip.bytes_stored += second.chip.bytes_stored;
  both.chip.weight_bytes += second.chip.weight_bytes;
  both.chip.activation_bytes += second.chip.activation_bytes;
  both.chip.post_elements += second.chip.post_elements;
  auto sum = evaluate(t, first, 1e6);
  for (const auto& [device, pj] : evaluate(t, second, 2e6)) {
    sum[device] += pj;
  }
  CHECK(deviation(evaluate(t, both, 3e6), sum) < 1e-14);
}

} // namespace sonic
