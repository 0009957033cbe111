// SPDX-License-Identifier: Apache-2.0
// What the estimator gives where it can be told by hand, what it keeps, and what it refuses.
#include "tests/estimate/random_point.h"

#include "sonic/config/load.h"
#include "tb/estimate/chip_plan.h"
#include "tb/host/chip_view.h"
#include "tb/workload/lower.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <span>
#include <thread>

using namespace sonic;
using namespace sonic::tests;

namespace {

config::architecture chip_of(const std::vector<std::string>& keys) {
  return config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", keys);
}

bool same(const estimate::outcome& a, const estimate::outcome& b) {
  return a.fits == b.fits && a.latency_ns == b.latency_ns && a.energy_pj == b.energy_pj &&
         a.operand_bits == b.operand_bits && a.layers_ns == b.layers_ns &&
         a.done.conv.ring_retunes == b.done.conv.ring_retunes && a.done.conv.retunes == b.done.conv.retunes &&
         a.done.fc.imprinted_rings == b.done.fc.imprinted_rings && a.done.post_cycles == b.done.post_cycles;
}

/// Of a sequence that comes back to chips that it has seen.
std::vector<config::architecture> some_chips(std::uint64_t seed, int count) {
  random_source random(seed);
  std::vector<config::architecture> chips;
  for (int i = 0; i < count; ++i) {
    chips.push_back(chips.size() > 2 && random.chance(0.3) ? chips[chips.size() / 2] : chip_of(random_keys(random)));
    chips.back().keys.clear();
  }
  return chips;
}

/// Whether these bytes lie at an address of the image.
template <class record>
bool lies_at(const workload::memory_image& image, std::uint64_t address, std::span<const record> records) {
  const auto bytes = std::as_bytes(records);
  const auto there = std::as_bytes(std::span(image.bytes)).subspan(address, bytes.size());
  return std::equal(bytes.begin(), bytes.end(), there.begin());
}

} // namespace

TEST_CASE("the worked example of docs/timing.md takes its time") {
  workload::tensor kernels{{2, 2, 3, 3}, std::vector<float>(36, 0.0F)};
  constexpr std::size_t non_zero[] = {7, 5, 4, 3};
  for (std::size_t slice = 0; slice < 4; ++slice) {
    std::fill_n(kernels.values.begin() + static_cast<std::ptrdiff_t>(slice * 9), non_zero[slice],
                slice < 2 ? 0.5F : 1.0F);
  }
  random_source random(11);
  graph_builder b;
  const auto x = b.input({2, 2, 4, 4});
  b.output(b.convolve(x, kernels, square(3, 1, 1)));
  const network_case of{"example", b.build(), {random.tensor({2, 2, 4, 4}, 0.1, 1.0)}};
  const auto a =
      chip_of({"conv_array.vdus=2", "memory.bandwidth=25 GB/s", "memory.row_miss=0 ns", "digital.clock=1.25 GHz"});
  const auto found = estimate::estimate(profile_for(of, a), a);
  constexpr double end = 1968.2998;
  constexpr double rounding = 0.002; // times are whole picoseconds
  std::cout << "worked example: " << found.latency_ns << " ns, by hand " << end << " ns\n";
  CHECK(found.latency_ns == Approx(end).margin(rounding));
  CHECK(found.done.bytes_loaded == 300);
  CHECK(found.done.bytes_stored == 128);
  CHECK(found.done.conv.blocks == 10);
  CHECK(found.done.conv.retunes == 12);
  CHECK(found.done.conv.symbols == 160);
  CHECK(found.done.conv.steps == 80);
}

TEST_CASE("one fully connected layer takes the time that its parts add up to") {
  constexpr std::int64_t inputs = 60, outputs = 10;
  graph_builder b;
  const auto x = b.input({1, inputs});
  b.output(b.multiply(x, {{inputs, outputs}, std::vector<float>(inputs * outputs, 0.5F)}));
  const network_case of{"connected", b.build(), {{{1, inputs}, std::vector<float>(inputs, 1.0F)}}};
  const auto a = chip_of({"fc_array.vdus=4", "fc_array.lanes=16", "memory.row_miss=0 ns", "memory.bandwidth=25 GB/s",
                          "digital.clock=1.25 GHz"});
  const auto found = estimate::estimate(profile_for(of, a), a);
  // 60 activations are 4 blocks of 10 symbols: 40 symbols, a block for each unit.
  const double image = 32.0 + 4.0 * 61 + 2.0 * 60 + 4.0 * 113; // header, row pointers, masks, 600 codes of 6 bits
  const auto load = [](double bytes) { return 100.0 + bytes * 0.04; };
  const double transfers = load(256) + load(32) + load(4) + load(32.0 * outputs) + load(2.0 * inputs) + load(image);
  const double light = 1.56 + 0.867 + 20.0 + 10 * 14.0 - 14.0 + 14.3258;
  // The last sum's neuron comes after the buffer's first word; by then the others are finished.
  const double after = std::max(0.867 + 0.05, outputs * 0.05) + 1.56 + load(2.0 * outputs);
  std::cout << "one layer: " << found.latency_ns << " ns, by hand " << transfers + light + after << " ns\n";
  CHECK(found.latency_ns == Approx(transfers + light + after).margin(0.01));
  CHECK(found.done.fc.symbols == 40);
  CHECK(found.done.fc.retunes == 4);
  CHECK(found.done.fc.imprinted_rings == 60);
  CHECK(found.done.fc.stream_lane_symbols == inputs * outputs);
}

TEST_CASE("a plan has the addresses and panels of the lowered program") {
  constexpr std::uint64_t first_seed = 300;
  std::size_t layers = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 60; ++seed) {
    random_source random(seed);
    const auto a = chip_of(random_keys(random));
    CAPTURE(seed);
    const auto of = small_network(seed);
    const auto program = program_for(of, a);
    const auto profile = estimate::profile_of(of.network, program, host::numerics_of(a), of.inputs);
    const auto image = workload::lower(program, host::layout_of(a));
    const auto& buffers = a.buffers;
    const auto plan = estimate::plan_of(profile, {buffers.global_buffer.bytes, buffers.weight_buffer.bytes,
                                                  buffers.activation_buffer.bytes, buffers.partial_sum_buffer.bytes});
    REQUIRE(plan.layers.size() == image.descriptor_steps.size());
    for (std::size_t i = 0; i < plan.layers.size(); ++i) {
      const auto& layer = plan.layers[i];
      REQUIRE(lies_at(image, i * sizeof(regs::descriptor), std::span(&layer.descriptor, 1)));
      if (!layer.panels.empty()) {
        REQUIRE(lies_at(image, layer.descriptor.weight_address, std::span(layer.panels)));
      }
      ++layers;
    }
  }
  std::cout << layers << " descriptors from seed " << first_seed << " are equal byte for byte\n";
  CHECK(layers > 100);
}

TEST_CASE("an estimator that has seen other chips says what a fresh one does") {
  constexpr std::uint64_t seed = 400;
  const auto of = small_network(81004);
  const auto profile = profile_for(of, chip_of({}));
  estimate::estimator keeps(profile);
  for (const auto& a : some_chips(seed, 150)) {
    REQUIRE(same(keeps(a), estimate::estimate(profile, a)));
  }
}

TEST_CASE("threads share a profile") {
  constexpr std::uint64_t seed = 500;
  const auto of = shipped_network("cifar10", 1, seed);
  const auto profile = profile_for(of, chip_of({}));
  const auto chips = some_chips(seed, 40);
  std::vector<estimate::outcome> expected;
  for (const auto& a : chips) {
    expected.push_back(estimate::estimate(profile, a));
  }
  std::vector<int> equal(4, 0);
  std::vector<std::thread> threads;
  for (int& mine : equal) {
    threads.emplace_back([&] {
      estimate::estimator estimator(profile);
      for (std::size_t i = 0; i < chips.size(); ++i) {
        mine += same(estimator(chips[i]), expected[i]) ? 1 : 0;
      }
    });
  }
  for (auto& t : threads) {
    t.join();
  }
  CHECK(equal == std::vector<int>(4, static_cast<int>(chips.size())));
}

TEST_CASE("a network that does not fit is refused") {
  const auto of = shipped_network("mnist", 1, 1);
  const auto profile = profile_for(of, chip_of({}));
  const auto small = estimate::estimate(profile, chip_of({"buffers.weight_buffer.capacity=1 KiB"}));
  CHECK_FALSE(small.fits);
  CHECK(small.latency_ns == 0.0);
  CHECK(small.energy_pj == 0.0);
  CHECK(estimate::estimate(profile, chip_of({})).fits);
}

TEST_CASE("a profile holds for other arrays, buffers and devices, and not for other numerics") {
  const auto profile = profile_for(small_network(7), chip_of({}));
  for (const auto* key : {"conv_array.lanes=3", "fc_array.vdus=3", "packing=whole_kernel", "step.mode=serial",
                          "gating=none", "buffers.weight_buffer.capacity=64 KiB", "memory.banks=1",
                          "run.accounting=full", "digital.clock=2 GHz", "devices.adc.latency=1 ns"}) {
    CAPTURE(key);
    CHECK(estimate::holds_for(profile, chip_of({key})));
  }
  for (const auto* key : {"devices.adc.bits=12", "devices.weight_dac.bits=4", "devices.activation_dac.bits=8",
                          "devices.broadband_microring.bits=5", "batch_norm=electronic", "adc_headroom=1.5",
                          "run.optics=ideal", "run.optics=physical"}) {
    CAPTURE(key);
    CHECK_FALSE(estimate::holds_for(profile, chip_of({key})));
  }
}
