// SPDX-License-Identifier: Apache-2.0
// What must not change values: the sizes of buffers, the number of units, timing, DMI, an earlier program.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"
#include "tests/support/in_child.h"
#include "tests/support/random_network.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <catch2/catch.hpp>

#include <cstring>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

constexpr std::uint64_t first_seed = 41;

/// Bytes of every slot after one run on a chip of its own.
std::vector<std::uint8_t> slots_of(std::uint64_t seed, const std::vector<std::string>& overrides,
                                   bool grant_dmi = true) {
  return in_child([&] {
    random_source random(seed);
    const auto g = random_network(random);
    const auto inputs = random_inputs(g, random);
    const auto a = chip_with(overrides);
    const auto how = host::numerics_of(a);
    const auto p = how.element == workload::element_kind::float32 ? workload::compile(g, how, {})
                                                                  : reference::quantise(g, how, {inputs});
    const auto found = run_on_chip(a, g, p, inputs, grant_dmi);
    std::vector<std::uint8_t> bytes;
    for (const auto& v : found.values) {
      const auto* begin = reinterpret_cast<const std::uint8_t*>(v.values.data());
      bytes.insert(bytes.end(), begin, begin + v.values.size() * sizeof(float));
    }
    return bytes;
  });
}

/// Of every layer with light, what streamed past the rings and how much of that was gated.
std::vector<std::uint8_t> streamed_of(std::uint64_t seed, const std::vector<std::string>& overrides) {
  return in_child([&] {
    random_source random(seed);
    const auto g = random_network(random);
    const auto inputs = random_inputs(g, random);
    const auto a = chip_with(overrides);
    const auto found = run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {inputs}), inputs);
    std::vector<std::uint64_t> counts;
    for (const auto& layer : found.layers) {
      for (const auto* part : {&layer.done.conv, &layer.done.fc}) {
        counts.insert(counts.end(), {part->stream_lane_symbols, part->gated_lane_symbols});
      }
    }
    const auto* begin = reinterpret_cast<const std::uint8_t*>(counts.data());
    return std::vector<std::uint8_t>(begin, begin + counts.size() * sizeof(std::uint64_t));
  });
}

/// Configurations of everything that moves work about: buffers, units, ports, steps, timing.
std::vector<std::string> random_chip(random_source& random) {
  const auto pick = [&](const std::string& key, const std::vector<std::string>& values) {
    return key + "=" +
           values[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(values.size()) - 1))];
  };
  return {"conv_array.vdus=" + std::to_string(random.integer(1, 70)),
          "fc_array.vdus=" + std::to_string(random.integer(1, 20)),
          pick("buffers.global_buffer.capacity", {"4 KiB", "16386 B", "1 MiB"}),
          pick("buffers.weight_buffer.capacity", {"2 KiB", "4 KiB", "256 KiB"}),
          pick("buffers.activation_buffer.capacity", {"1 KiB", "2 KiB", "128 KiB"}),
          pick("buffers.partial_sum_buffer.capacity", {"2 KiB", "8 KiB", "512 KiB"}),
          pick("buffers.activation_buffer.banks", {"1", "8"}),
          pick("buffers.partial_sum_buffer.bytes_per_cycle", {"1", "8"}),
          pick("dma.outstanding", {"1", "32"}),
          pick("dma.transaction", {"3 B", "1 KiB"}),
          pick("memory.bandwidth", {"1 GB/s", "25.6 GB/s"}),
          pick("memory.row", {"64 B", "8 KiB"}),
          pick("step.mode", {"pipelined", "retune_every_step", "serial"}),
          pick("gating", {"none", "vcsel", "vcsel_and_dac"}),
          pick("step.passes", {"1", "7"}),
          pick("modulator", {"vcsel", "microring"}),
          pick("run.timing", {"functional", "loosely_timed", "approximately_timed"})};
}

void check_same_values(const std::string& optics) {
  int compared = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 20; ++seed) {
    const auto expected = slots_of(seed, {"run.optics=" + optics});
    random_source random(seed * 1000);
    for (int i = 0; i < 4; ++i) {
      auto keys = random_chip(random);
      keys.push_back("run.optics=" + optics);
      CAPTURE(seed, keys);
      CHECK(slots_of(seed, keys, random.chance(0.5)) == expected);
      ++compared;
    }
  }
  std::cout << compared << " random chips gave the values of configs/sonic.yaml, bit for bit (" << optics << ")\n";
}

} // namespace

TEST_CASE("quantised values do not depend on buffers, units, steps or timing", "[sim]") {
  check_same_values("quantised");
}

TEST_CASE("ideal values do not depend on buffers, units, steps or timing", "[sim]") {
  check_same_values("ideal");
}

TEST_CASE("zeros gated do not depend on how units share a tile's work", "[sim]") {
  std::size_t some = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 10; ++seed) {
    CAPTURE(seed);
    // One unit has no block cut; with many more units than blocks, one is cut into several pieces.
    const auto expected = streamed_of(seed, {"conv_array.vdus=1", "fc_array.vdus=1"});
    std::vector<std::uint64_t> counts(expected.size() / sizeof(std::uint64_t));
    std::memcpy(counts.data(), expected.data(), expected.size());
    for (std::size_t i = 0; i + 1 < counts.size(); i += 2) {
      REQUIRE(counts[i + 1] <= counts[i]);
      some += counts[i + 1] > 0 ? 1U : 0U;
    }
    for (const auto* units : {"3", "7", "50", "997"}) {
      CAPTURE(units);
      const std::string n(units);
      CHECK(streamed_of(seed, {"conv_array.vdus=" + n, "fc_array.vdus=" + n}) == expected);
    }
  }
  CHECK(some > 0);
}

TEST_CASE("ideal values do not depend on lanes and packing either", "[sim]") {
  for (std::uint64_t seed = first_seed; seed < first_seed + 10; ++seed) {
    CAPTURE(seed);
    const auto expected = slots_of(seed, {"run.optics=ideal"});
    CHECK(slots_of(seed, {"run.optics=ideal", "conv_array.lanes=7", "fc_array.lanes=3"}) == expected);
    CHECK(slots_of(seed, {"run.optics=ideal", "conv_array.lanes=2", "packing=whole_kernel"}) == expected);
    CHECK(slots_of(seed, {"run.optics=ideal", "compression=none"}) == expected); // zeros add nothing
  }
}

TEST_CASE("quantised values do depend on lanes, where the converter rounds", "[sim]") {
  bool differs = false;
  for (std::uint64_t seed = first_seed; seed < first_seed + 10 && !differs; ++seed) {
    differs = slots_of(seed, {}) != slots_of(seed, {"conv_array.lanes=2", "fc_array.lanes=3", "devices.adc.bits=8"});
  }
  CHECK(differs);
}

TEST_CASE("the same seed gives the same bits twice", "[sim]") {
  CHECK(slots_of(first_seed, {"run.seed=7"}) == slots_of(first_seed, {"run.seed=7"}));
}
