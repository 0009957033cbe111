// SPDX-License-Identifier: Apache-2.0
// Approximately timed against loosely timed: the same values; the same time where nothing contends; never less.
#include "tests/chip/chip_run.h"
#include "tests/support/in_child.h"
#include "tests/support/random_network.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

struct outcome {
  std::vector<std::uint8_t> values;
  std::vector<std::uint64_t> layers_ps; ///< how long each layer took
  std::uint64_t causes_ps = 0;          ///< all causes of all layers together
  std::uint64_t contended = 0;
};

/// One run of a random network on a chip of its own.
outcome run(std::uint64_t seed, std::vector<std::string> keys, const std::string& timing) {
  keys.push_back("run.timing=" + timing);
  const auto bytes = in_child([&] {
    random_source random(seed);
    const auto g = random_network(random);
    const auto inputs = random_inputs(g, random);
    const auto a = chip_with(keys);
    const auto p = reference::quantise(g, host::numerics_of(a), {inputs});
    const auto found = run_on_chip(a, g, p, inputs);
    std::vector<std::uint64_t> numbers{found.layers.size(), found.contended, 0};
    constexpr double ps_per_ns = 1e3;
    for (const auto& layer : found.layers) {
      numbers.push_back(static_cast<std::uint64_t>(std::llround((layer.end_ns - layer.start_ns) * ps_per_ns)));
      numbers[2] += layer.done.time.total_ps();
    }
    std::vector<std::uint8_t> all(numbers.size() * sizeof(std::uint64_t));
    std::memcpy(all.data(), numbers.data(), all.size());
    for (const auto& codes : found.codes) {
      const auto* begin = reinterpret_cast<const std::uint8_t*>(codes.data());
      all.insert(all.end(), begin, begin + codes.size() * sizeof(std::uint16_t));
    }
    return all;
  });
  const auto number = [&](std::size_t i) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof(value), sizeof(value));
    return value;
  };
  outcome found;
  found.contended = number(1);
  found.causes_ps = number(2);
  for (std::size_t i = 0; i < number(0); ++i) {
    found.layers_ps.push_back(number(3 + i));
  }
  found.values.assign(bytes.begin() + static_cast<std::ptrdiff_t>((3 + number(0)) * sizeof(std::uint64_t)),
                      bytes.end());
  return found;
}

std::uint64_t total(const outcome& of) {
  std::uint64_t sum = 0;
  for (const auto ps : of.layers_ps) {
    sum += ps;
  }
  return sum;
}

std::vector<std::string> random_chip(random_source& random) {
  const auto pick = [&](const std::string& key, const std::vector<std::string>& values) {
    return key + "=" +
           values[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(values.size()) - 1))];
  };
  return {"conv_array.vdus=" + std::to_string(random.integer(1, 60)),
          "fc_array.vdus=" + std::to_string(random.integer(1, 20)),
          pick("buffers.global_buffer.capacity", {"8 KiB", "32 KiB", "65538 B", "1 MiB"}),
          pick("buffers.weight_buffer.capacity", {"4 KiB", "256 KiB"}),
          pick("buffers.activation_buffer.capacity", {"2 KiB", "128 KiB"}),
          pick("buffers.partial_sum_buffer.capacity", {"2 KiB", "512 KiB"}),
          pick("buffers.activation_buffer.banks", {"1", "8"}),
          pick("buffers.weight_buffer.bytes_per_cycle", {"1", "8"}),
          pick("buffers.partial_sum_buffer.banks", {"1", "8"}),
          pick("dma.outstanding", {"1", "4", "32"}),
          pick("dma.transaction", {"64 B", "1 KiB"}),
          pick("memory.bandwidth", {"0.2 GB/s", "1 GB/s", "25.6 GB/s"}),
          pick("memory.row_miss", {"0 ns", "0 ns", "27.5 ns"}),
          pick("memory.banks", {"1", "16"}),
          pick("step.mode", {"pipelined", "retune_every_step", "serial"}),
          pick("step.passes", {"1", "1", "3"}),
          pick("conv_array.adcs", {"1", "42"}), // in turn, so that light does not hide all that waits
          pick("fc_array.adcs", {"1", "42"}),
          pick("modulator", {"vcsel", "vcsel", "microring"}),
          pick("compression", {"both", "both", "none"})};
}

} // namespace

TEST_CASE("approximately timed is loosely timed with waiting: 200 random chips", "[sim]") {
  constexpr std::uint64_t first_seed = 7100;
  constexpr int chips = 200;
  int same = 0;
  int later = 0;
  double most = 1.0;
  for (int i = 0; i < chips; ++i) {
    const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
    random_source random(seed * 1000);
    auto keys = random_chip(random);
    CAPTURE(seed, keys);
    const auto loose = run(seed, keys, "loosely_timed");
    const auto approximate = run(seed, keys, "approximately_timed");
    CHECK(approximate.values == loose.values);
    CHECK(approximate.causes_ps == total(approximate));
    if (approximate.contended == 0) {
      CHECK(approximate.layers_ps == loose.layers_ps);
      ++same;
      continue;
    }
    // Sharing a row can only save a miss that the directions' own rows have: without misses, waiting is all there is.
    keys.emplace_back("memory.row_miss=0 ns");
    const auto least = run(seed, keys, "loosely_timed");
    REQUIRE(least.layers_ps.size() == approximate.layers_ps.size());
    for (std::size_t layer = 0; layer < least.layers_ps.size(); ++layer) {
      CAPTURE(layer);
      CHECK(approximate.layers_ps[layer] >= least.layers_ps[layer]);
    }
    later += total(approximate) > total(loose) ? 1 : 0;
    most = std::max(most, static_cast<double>(total(approximate)) / static_cast<double>(total(loose)));
  }
  std::cout << chips << " random chips from seed " << first_seed << ": " << same
            << " without contention, to the picosecond as loosely timed; " << later << " later, at most "
            << (most - 1.0) * 100.0 << " %\n";
  CHECK(same >= chips / 20);
  CHECK(later >= chips / 20);
}
