// SPDX-License-Identifier: Apache-2.0
// One key after the other: the estimate moves as the simulation does.
#include "tests/estimate/random_point.h"

#include "sonic/config/load.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

/// A network that has a use for every key: convolutions with scales on the ring, in several tiles, pools, an addition,
/// a layer of several panels, and three frames.
network_case every_kind() {
  random_source random(3);
  graph_builder b;
  const auto x = b.input({3, 3, 12, 12});
  auto y = b.convolve(x, random.tensor({12, 3, 3, 3}, -0.5, 0.5, 0.4), square(3, 1, 1));
  y = b.relu(b.line(y, std::vector<double>{0.5, 1, 2, 0.7, 1.5, 0.4, 1, 1.1, 0.9, 1.3, 0.6, 2.1},
                    std::vector<double>(12, 0.1)));
  auto z = b.convolve(y, random.tensor({12, 12, 3, 3}, -0.5, 0.5, 0.6), square(3, 1, 1));
  z = b.relu(b.add(z, y));
  z = b.pool(z, workload::pool_kind::maximum, square(2, 2));
  z = b.pool(z, workload::pool_kind::average, square(3, 1, 1), true);
  z = b.relu(b.multiply(b.relabel(z, {3, 432}), random.tensor({432, 90}, -0.5, 0.5, 0.5)));
  b.output(b.softmax(b.multiply(z, random.tensor({90, 10}, -0.5, 0.5)), 1, 1));
  return {"every kind", b.build(), {random.tensor({3, 3, 12, 12}, 0.0, 1.0, 0.2)}};
}

struct measured {
  double time_ns = 0, energy_pj = 0;
};

measured compare(const network_case& of, const estimate::network_profile& profile,
                 const std::vector<std::string>& keys) {
  const auto a = config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", keys);
  const auto found = estimate::estimate(profile, a);
  const auto expected = simulate(of, a);
  REQUIRE(found.fits);
  REQUIRE(expected.fits);
  constexpr double bound = 1e-3; // zeros that another length of blocks makes
  CHECK(std::abs(deviation(found.latency_ns, expected.latency_ns)) < bound);
  CHECK(std::abs(deviation(found.energy_pj, expected.energy_pj)) < bound);
  CHECK(found.operand_bits == Approx(expected.operand_bits).epsilon(bound));
  return {expected.latency_ns, expected.energy_pj};
}

} // namespace

TEST_CASE("every key that moves the simulation's time or energy moves the estimate alike", "[sim]") {
  const auto of = every_kind();
  // Small buffers and counted blocks that are in the way, so that all of them matter.
  const std::vector<std::string> base{"run.accounting=full",
                                      "idle_power_fraction=0.1",
                                      "conv_array.vdus=30",
                                      "fc_array.vdus=3",
                                      "fc_array.lanes=20",
                                      "buffers.global_buffer.capacity=24 KiB",
                                      "buffers.weight_buffer.capacity=12 KiB",
                                      "buffers.activation_buffer.capacity=8 KiB",
                                      "buffers.partial_sum_buffer.capacity=6 KiB",
                                      "buffers.activation_buffer.bytes_per_cycle=1",
                                      "buffers.weight_buffer.bytes_per_cycle=1",
                                      "buffers.partial_sum_buffer.bytes_per_cycle=1",
                                      "index_decoder.decoders=1",
                                      "index_decoder.lanes=1",
                                      "accumulator.accumulators=1",
                                      "accumulator.lanes=1",
                                      "post_processor.processors=1",
                                      "post_processor.lanes=1",
                                      "dma.outstanding=2",
                                      "dma.transaction=100 B",
                                      "memory.row=256 B",
                                      "memory.banks=2"};
  const std::vector<std::string> changes{"conv_array.vdus=41",
                                         "conv_array.lanes=9",
                                         "fc_array.vdus=5",
                                         "fc_array.lanes=33",
                                         "packing=whole_kernel",
                                         "gating=none",
                                         "gating=vcsel",
                                         "step.mode=retune_every_step",
                                         "step.mode=serial",
                                         "idle_power_fraction=0.4",
                                         "run.accounting=published",
                                         "conv_array.waveguides=3",
                                         "devices.adc.latency=9 ns",
                                         "devices.adc.power=31 mW",
                                         "devices.vcsel.latency=15 ns",
                                         "devices.vcsel.power=2 mW",
                                         "devices.photodetector.latency=16 ns",
                                         "devices.photodetector.power=4 mW",
                                         "devices.activation_dac.latency=17 ns",
                                         "devices.activation_dac.power=20 mW",
                                         "devices.weight_dac.latency=18 ns",
                                         "devices.weight_dac.power=6 mW",
                                         "devices.broadband_microring.power=9 mW",
                                         "devices.electro_optic_tuning.latency=40 ns",
                                         "devices.electro_optic_tuning.power=40 uW/nm",
                                         "devices.thermo_optic_tuning.power=10 mW/FSR",
                                         "tuning.collective_factor=0.9",
                                         "receiver.amplifier_power=1 mW",
                                         "receiver.arms=1",
                                         "buffers.global_buffer.capacity=40 KiB",
                                         "buffers.weight_buffer.capacity=30 KiB",
                                         "buffers.activation_buffer.capacity=3 KiB",
                                         "buffers.partial_sum_buffer.capacity=16 KiB",
                                         "buffers.global_buffer.bytes_per_cycle=1",
                                         "buffers.activation_buffer.banks=2",
                                         "buffers.weight_buffer.banks=1",
                                         "buffers.partial_sum_buffer.banks=3",
                                         "buffers.global_buffer.latency=9 ns",
                                         "buffers.weight_buffer.latency=7 ns",
                                         "buffers.activation_buffer.latency=4000 ns",
                                         "buffers.partial_sum_buffer.latency=6 ns",
                                         "buffers.global_buffer.read_energy=3 pJ/B",
                                         "buffers.weight_buffer.write_energy=5 pJ/B",
                                         "buffers.partial_sum_buffer.leakage=10 mW",
                                         "digital.clock=0.7 GHz",
                                         "digital.post_processor_energy=3 pJ",
                                         "digital.accumulator_energy=2 pJ",
                                         "digital.control_power=900 mW",
                                         "index_decoder.decoders=3",
                                         "index_decoder.lanes=4",
                                         "accumulator.accumulators=3",
                                         "accumulator.lanes=5",
                                         "post_processor.processors=3",
                                         "post_processor.lanes=3",
                                         "dma.outstanding=1",
                                         "dma.transaction=31 B",
                                         "memory.bandwidth=3 GB/s",
                                         "memory.latency=30 ns",
                                         "memory.row=64 B",
                                         "memory.banks=7",
                                         "memory.row_miss=90 ns",
                                         "memory.energy=20 pJ/B"};
  const auto profile = profile_for(of, config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", base));
  const auto before = compare(of, profile, base);
  int time = 0, energy = 0;
  for (const auto& change : changes) {
    CAPTURE(change);
    auto keys = base;
    keys.push_back(change);
    const auto after = compare(of, profile, keys);
    time += after.time_ns != before.time_ns ? 1 : 0;
    energy += after.energy_pj != before.energy_pj ? 1 : 0;
    // A key that moves nothing here would prove nothing.
    CHECK((after.time_ns != before.time_ns || after.energy_pj != before.energy_pj));
  }
  std::cout << changes.size() << " keys changed one by one: " << time << " moved the time, " << energy
            << " the energy\n";
}
