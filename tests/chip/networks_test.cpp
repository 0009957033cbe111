// SPDX-License-Identifier: Apache-2.0
// Whole networks through the chip, layer by layer against the golden models.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"
#include "tests/support/in_child.h"
#include "tests/support/random_network.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tb/reference/float_executor.h"
#include "tb/reference/program_executor.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

constexpr std::uint64_t first_seed = 20260101;

/// Largest error of any slot relative to its largest magnitude, in a child process.
template <class maker>
double ideal_deviation_of(const maker& make, std::uint64_t seed, const std::vector<std::string>& overrides,
                          bool grant_dmi) {
  const auto bytes = in_child([&] {
    random_source random(seed);
    const auto g = make(random);
    const auto inputs = random_inputs(g, random);
    auto keys = overrides;
    keys.emplace_back("run.optics=ideal");
    const auto a = chip_with(keys);
    const auto p = workload::compile(g, host::numerics_of(a), {});
    const auto found = run_on_chip(a, g, p, inputs, grant_dmi);
    const auto expected = reference::run_float(g, inputs);
    double worst = 0.0;
    for (std::size_t s = 0; s < p.slots.size(); ++s) {
      if (g.values[p.slots[s].origin].constant) {
        continue;
      }
      const auto& want = expected[p.slots[s].origin].values;
      double largest = 1e-30;
      for (const float v : want) {
        largest = std::max<double>(largest, std::abs(v));
      }
      for (std::size_t i = 0; i < want.size(); ++i) {
        const double error = std::abs(static_cast<double>(found.values[s].values[i]) - want[i]) / largest;
        worst = std::isnan(error) ? 1e9 : std::max(worst, error);
      }
    }
    std::vector<std::uint8_t> out(sizeof(worst));
    std::memcpy(out.data(), &worst, sizeof(worst));
    return out;
  });
  double worst = 0.0;
  std::memcpy(&worst, bytes.data(), sizeof(worst));
  return worst;
}

double ideal_deviation(std::uint64_t seed, const std::vector<std::string>& overrides, bool grant_dmi) {
  return ideal_deviation_of(random_network, seed, overrides, grant_dmi);
}

/// Number of codes that differ from the golden model, over all slots, in a child process.
std::uint64_t wrong_codes(std::uint64_t seed, const std::vector<std::string>& overrides) {
  const auto bytes = in_child([&] {
    random_source random(seed);
    const auto g = random_network(random);
    const auto inputs = random_inputs(g, random);
    const auto a = chip_with(overrides);
    const auto how = host::numerics_of(a);
    const auto p = reference::quantise(g, how, {inputs});
    const auto found = run_on_chip(a, g, p, inputs);
    const auto expected = reference::program_executor(g, p, how).run(inputs);
    std::uint64_t wrong = 0;
    for (std::size_t s = 0; s < p.slots.size(); ++s) {
      for (std::size_t i = 0; i < found.codes[s].size(); ++i) {
        wrong += found.codes[s][i] == expected[s][i] ? 0U : 1U;
      }
    }
    std::vector<std::uint8_t> out(sizeof(wrong));
    std::memcpy(out.data(), &wrong, sizeof(wrong));
    return out;
  });
  std::uint64_t wrong = 0;
  std::memcpy(&wrong, bytes.data(), sizeof(wrong));
  return wrong;
}

} // namespace

TEST_CASE("random networks under ideal optics give what ONNX defines", "[sim]") {
  double worst = 0.0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 60; ++seed) {
    CAPTURE(seed);
    // Every other one without time, through memory that grants DMI.
    const bool direct = seed % 2 == 0;
    const double deviation =
        ideal_deviation(seed, {direct ? "run.timing=functional" : "run.timing=loosely_timed"}, direct);
    CHECK(deviation <= 1e-5);
    worst = std::max(worst, deviation);
  }
  std::cout << "largest deviation of 60 networks from seed " << first_seed << ": " << worst << " (bound 1e-5)\n";
}

TEST_CASE("a dense machine computes the same network, zeros and all", "[sim]") {
  for (std::uint64_t seed = first_seed; seed < first_seed + 10; ++seed) {
    CAPTURE(seed);
    CHECK(ideal_deviation(seed, {"compression=none"}, true) <= 1e-5);
  }
}

TEST_CASE("a batch normalisation on the ring is exact under ideal optics", "[sim]") {
  const auto normalised = [](random_source& random) {
    graph_builder g;
    const auto y = g.convolve(g.input({1, 2, 5, 5}), random.tensor({4, 2, 3, 3}, -1, 1));
    return g.output(g.line(y, {0.5, -0.7, 1.0, 0.01}, {0.1, 0.2, 0.3, 0.4})).build();
  };
  for (const char* place : {"batch_norm=ring", "batch_norm=electronic"}) {
    CAPTURE(place);
    CHECK(ideal_deviation_of(normalised, first_seed, {place}, true) <= 1e-6);
  }
}

TEST_CASE("random networks under quantised optics equal the golden model bit for bit", "[sim]") {
  for (std::uint64_t seed = first_seed; seed < first_seed + 60; ++seed) {
    CAPTURE(seed);
    CHECK(wrong_codes(seed, {}) == 0);
  }
}

TEST_CASE("other numbers of bits, lanes and packing equal the golden model too", "[sim]") {
  const std::vector<std::vector<std::string>> chips{
      {"conv_array.lanes=3", "fc_array.lanes=7"},
      {"conv_array.lanes=9", "packing=whole_kernel"},
      {"packing=whole_kernel"},
      {"devices.adc.bits=8", "devices.activation_dac.bits=8"},
      {"devices.weight_dac.bits=3", "devices.broadband_microring.bits=4"},
      {"batch_norm=electronic"},
      {"adc_headroom=2"},
      {"compression=none"},
      {"compression=none", "packing=whole_kernel", "conv_array.lanes=20", "fc_array.lanes=15",
       "devices.weight_dac.bits=2"}, // with a zero's level there are five, of three bits
  };
  for (const auto& keys : chips) {
    for (std::uint64_t seed = first_seed; seed < first_seed + 8; ++seed) {
      CAPTURE(keys, seed);
      CHECK(wrong_codes(seed, keys) == 0);
    }
  }
}

TEST_CASE("a layer with more outputs than the sums of one place of the buffer goes in parts", "[sim]") {
  // 1 KiB holds 256 sums, and two tiles of them: 128 outputs, or kernels, at a time.
  constexpr std::uint64_t seed = 5;
  random_source random(seed);
  graph_builder network;
  const auto x = network.input({1, 2, 2, 2});
  const auto wide = network.convolve(x, random.tensor({150, 2, 1, 1}, -1.0, 1.0), square(1));
  network.output(network.multiply(network.relabel(wide, {1, 600}), random.tensor({600, 200}, -1.0, 1.0, 0.5)));
  const auto g = network.build();
  const std::vector<workload::tensor> inputs{random.tensor({1, 2, 2, 2}, -1.0, 1.0)};
  const auto a = chip_with({"buffers.partial_sum_buffer.capacity=1 KiB"});
  const auto p = reference::quantise(g, host::numerics_of(a), {inputs});
  const auto found = run_on_chip(a, g, p, inputs);
  CHECK(found.codes[p.outputs.front()] ==
        reference::run_program(g, p, host::numerics_of(a), inputs).codes[p.outputs.front()]);
}
