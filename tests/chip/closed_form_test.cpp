// SPDX-License-Identifier: Apache-2.0
// Steps, times and energies of single layers against formulas on paper.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"
#include "tests/support/in_child.h"

#include "sonic/core/activity.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tb/report/accounting.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

/// Weights of which exactly @p kept of every @p period positions are not zero, in the same places of each kernel.
workload::tensor patterned(const workload::shape& extents, std::int64_t kept, std::int64_t period) {
  workload::tensor t{extents, {}};
  std::int64_t count = 1;
  for (const auto e : extents) {
    count *= e;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    t.values.push_back(i % period < kept ? 0.25F + static_cast<float>(i % 7) * 0.1F : 0.0F);
  }
  return t;
}

core::layer_record run_layer(const workload::graph& g, const std::vector<workload::tensor>& inputs,
                             const std::vector<std::string>& overrides) {
  const auto bytes = in_child([&] {
    const auto a = chip_with(overrides);
    const auto how = host::numerics_of(a);
    const auto p = how.element == workload::element_kind::float32 ? workload::compile(g, how, {})
                                                                  : reference::quantise(g, how, {inputs});
    const auto found = run_on_chip(a, g, p, inputs);
    std::vector<std::uint8_t> out(sizeof(core::layer_record));
    std::memcpy(out.data(), &found.layers.at(0), out.size());
    return out;
  });
  core::layer_record record;
  std::memcpy(&record, bytes.data(), sizeof(record));
  return record;
}

std::uint64_t ceiling(std::uint64_t a, std::uint64_t b) {
  return (a + b - 1) / b;
}

/// CIFAR-10's third convolution: 16x16x32 -> 16x16x64, 3x3, half of the weights zero.
struct conv_layer {
  static constexpr std::uint64_t positions = 256, in_channels = 32, kernels = 64, cells = 9;
  workload::graph network;
  std::vector<workload::tensor> inputs;

  conv_layer() {
    random_source random(5);
    graph_builder b;
    const auto x = b.input({1, 32, 16, 16});
    b.output(b.convolve(x, patterned({64, 32, 3, 3}, 1, 2), square(3, 1, 1)));
    network = b.build();
    inputs = {random.tensor({1, 32, 16, 16}, 0.1, 1.0)};
  }
};

} // namespace

TEST_CASE("a CONV layer takes ceil(OH OW Cout ceil(k k Cin (1 - s) / n) / N) steps", "[sim]") {
  const conv_layer layer;
  const auto record = run_layer(layer.network, layer.inputs, {"packing=whole_kernel"});
  const std::uint64_t nonzeros = conv_layer::cells * conv_layer::in_channels / 2;
  const std::uint64_t operations = conv_layer::positions * conv_layer::kernels * ceiling(nonzeros, 5);
  const std::uint64_t steps = ceiling(operations, 50);
  std::cout << "CONV: " << operations << " operations, " << steps << " steps expected, " << record.done.conv.steps
            << " found\n";
  CHECK(record.done.conv.symbols == operations);
  CHECK(record.done.conv.steps == steps);
  CHECK(record.done.deleted_products == conv_layer::positions * conv_layer::kernels * nonzeros); // the other half
  // Time of the unit that does the most: its symbols, its imprints, and the pipeline's latency once.
  const double light_ns = record.light_end_ns - record.light_start_ns;
  const auto blocks = static_cast<double>(conv_layer::kernels * ceiling(nonzeros, 5));
  const double least = static_cast<double>(steps) * 14.0 + std::floor(blocks / 50) * 20.0 + 0.4058;
  const double most = static_cast<double>(steps) * 14.0 + (std::ceil(blocks / 50) + 1) * 20.0 + 0.4058;
  std::cout << "CONV: " << light_ns << " ns of light, between " << least << " and " << most << "\n";
  CHECK(light_ns >= least - 0.002); // times are whole picoseconds
  CHECK(light_ns <= most + 0.002);
}

TEST_CASE("with the kernel's slices apart each slice of 4 or 5 weights is one operation", "[sim]") {
  const conv_layer layer;
  const auto record = run_layer(layer.network, layer.inputs, {"packing=kernel_slice"});
  CHECK(record.done.conv.symbols == conv_layer::positions * conv_layer::kernels * conv_layer::in_channels);
}

TEST_CASE("an FC layer takes ceil(out ceil(in (1 - s) / m) / K) steps", "[sim]") {
  constexpr std::uint64_t in = 2048;
  constexpr std::uint64_t out = 128;
  random_source random(6);
  graph_builder b;
  const auto x = b.input({1, in});
  b.output(b.multiply(x, patterned({in, out}, 1, 2)));
  auto activations = patterned({1, in}, 1, 2); // half of the activations are zero
  // In one panel: each panel of weights is a tile, and each tile rounds up by itself.
  const auto record = run_layer(b.build(), {activations}, {"buffers.weight_buffer.capacity=1 MiB"});
  const std::uint64_t operations = out * ceiling(in / 2, 50);
  std::cout << "FC: " << operations << " operations, " << ceiling(operations, 10) << " steps expected, "
            << record.done.fc.steps << " found\n";
  CHECK(record.done.fc.symbols == operations);
  CHECK(record.done.fc.steps == ceiling(operations, 10));
  CHECK(record.done.deleted_products == in / 2 * out);
  CHECK(record.done.fc.stream_lane_symbols == in / 2 * out);
  CHECK(record.done.fc.gated_lane_symbols == in / 2 * out / 2); // half of the weights are zero
}

TEST_CASE("the light of one unit takes retunes x 20 ns + symbols x 14 ns + 0.4058 ns", "[sim]") {
  random_source random(7);
  graph_builder b;
  const auto x = b.input({1, 3, 4, 4});
  b.output(b.convolve(x, random.tensor({2, 3, 1, 1}, 0.1, 1.0)));
  const auto record = run_layer(b.build(), {random.tensor({1, 3, 4, 4}, 0.1, 1.0)}, {"conv_array.vdus=1"});
  // Slices of one weight: 2 kernels x 3 blocks of 16 symbols. The last partial sum leaves 14.4058 ns after its symbol
  // entered, 0.4058 ns more than the interval that it is charged anyway.
  CHECK(record.done.conv.retunes == 6);
  CHECK(record.light_end_ns - record.light_start_ns == Approx(6 * 20.0 + 96 * 14.0 + 0.4058).margin(0.001));
  CHECK(record.done.time.retune_ps == 6 * 20000);
  CHECK(record.done.time.convert_ps == 96 * 14000 + 406);
  CHECK(static_cast<double>(record.done.time.total_ps()) == Approx(record.end_ns * 1e3).epsilon(1e-12));
}

TEST_CASE("a layer whose operands or sums arrive slowly takes their bytes over the buffer's bandwidth", "[sim]") {
  const conv_layer layer;
  const auto bound = [&](const std::string& buffer, double bytes) {
    // One bank of one byte a cycle: 1.28 bytes per ns.
    const auto record = run_layer(layer.network, layer.inputs,
                                  {"buffers." + buffer + ".banks=1", "buffers." + buffer + ".bytes_per_cycle=1"});
    const double light_ns = record.light_end_ns - record.light_start_ns;
    std::cout << buffer << ": " << light_ns << " ns of light, relative deviation from " << bytes << " B / 1.28 B/ns "
              << light_ns / (bytes / 1.28) - 1 << "\n";
    CHECK(light_ns == Approx(bytes / 1.28).margin(0.002));
    return record;
  };
  const double streamed = 256.0 * 64 * 144; // positions x kernels x weights that are not zero
  const auto starved = bound("activation_buffer", 2 * streamed);
  const double symbols = 256.0 * 64 * 32;
  const auto blocked = bound("partial_sum_buffer", 8 * symbols);
  // What the units themselves need is the same; the rest is waiting, for one cause or the other.
  CHECK(starved.done.time.convert_ps == blocked.done.time.convert_ps);
  CHECK(starved.done.time.operand_supply_ps > 0);
  CHECK(starved.done.time.partial_sums_ps == 0);
  CHECK(blocked.done.time.partial_sums_ps > 0);
  CHECK(blocked.done.time.operand_supply_ps == 0);
  for (const auto& record : {starved, blocked}) {
    CHECK(static_cast<double>(record.done.time.total_ps()) == Approx(record.end_ns * 1e3).margin(1));
  }
}

TEST_CASE("half of the banks that a layer is bound by take twice the time", "[sim]") {
  const conv_layer layer;
  const auto light = [&](const std::string& banks) {
    const auto record = run_layer(layer.network, layer.inputs, {"buffers.activation_buffer.banks=" + banks});
    return record.light_end_ns - record.light_start_ns;
  };
  CHECK(light("1") / light("2") == Approx(2.0).epsilon(1e-6));
  CHECK(light("8") == light("16")); // bound by the converters
}

TEST_CASE("step modes charge 14, 20 and 34.4058 ns a symbol", "[sim]") {
  random_source random(8);
  graph_builder b;
  const auto x = b.input({1, 1, 10, 10});
  b.output(b.convolve(x, random.tensor({1, 1, 1, 1}, 0.5, 1.0)));
  const auto g = b.build();
  const std::vector<workload::tensor> inputs{random.tensor({1, 1, 10, 10}, 0.1, 1.0)};
  const auto light = [&](const std::string& mode) {
    const auto record = run_layer(g, inputs, {"conv_array.vdus=1", "step.mode=" + mode});
    return record.light_end_ns - record.light_start_ns;
  };
  CHECK(light("pipelined") == Approx(20.0 + 99 * 14.0 + 14.4058).margin(0.001));
  CHECK(light("retune_every_step") == Approx(99 * 20.0 + 34.4058).margin(0.001));
  CHECK(light("serial") == Approx(99 * 34.4058 + 34.4058).margin(0.1)); // the interval is rounded to 1 ps
}

TEST_CASE("a dense machine takes a step for every vector, zeros or not", "[sim]") {
  const conv_layer layer;
  const keys dense{"compression=none", "packing=whole_kernel", "conv_array.lanes=20", "conv_array.vdus=100"};
  for (const char* optics : {"run.optics=quantised", "run.optics=ideal"}) {
    const auto conv = run_layer(layer.network, layer.inputs, dense + keys{optics}).done;
    const std::uint64_t products =
        conv_layer::positions * conv_layer::kernels * conv_layer::cells * conv_layer::in_channels;
    const std::uint64_t operations =
        conv_layer::positions * conv_layer::kernels * ceiling(conv_layer::cells * conv_layer::in_channels, 20);
    CAPTURE(optics);
    CHECK(conv.conv.symbols == operations);
    CHECK(conv.conv.steps == ceiling(operations, 100));
    CHECK(conv.conv.stream_lane_symbols == products);
    CHECK(conv.conv.held_lane_symbols == products);
    CHECK(conv.deleted_products == 0);
  }

  constexpr std::uint64_t in = 2048;
  constexpr std::uint64_t out = 128;
  graph_builder b;
  b.output(b.multiply(b.input({1, in}), patterned({in, out}, 1, 2)));
  const auto fc =
      run_layer(b.build(), {patterned({1, in}, 1, 2)},
                {"compression=none", "fc_array.lanes=150", "fc_array.vdus=60", "buffers.weight_buffer.capacity=1 MiB"})
          .done;
  CHECK(fc.fc.symbols == out * ceiling(in, 150));
  CHECK(fc.fc.steps == ceiling(out * ceiling(in, 150), 60));
  CHECK(fc.fc.stream_lane_symbols == in * out);
  CHECK(fc.fc.gated_lane_symbols == in * out / 2); // lasers that could be off, if gating were there
  CHECK(fc.deleted_products == 0);
  // All weights are loaded, 6 bits each and a bit that says so.
  CHECK(fc.weight_bytes >= in * out * 7 / 8);
}

namespace {

/// One unit, one kernel of one weight, 100 positions: one imprint and 100 symbols.
struct one_weight {
  workload::graph network;
  std::vector<workload::tensor> inputs;

  explicit one_weight(std::uint64_t seed) {
    random_source random(seed);
    graph_builder b;
    const auto x = b.input({1, 1, 10, 10});
    b.output(b.convolve(x, random.tensor({1, 1, 1, 1}, 0.5, 1.0)));
    network = b.build();
    inputs = {random.tensor({1, 1, 10, 10}, 0.1, 1.0)};
  }
  /// How long it takes, ns.
  double operator()(const keys& more) const {
    const auto record = run_layer(network, inputs, keys{"conv_array.vdus=1"} + more);
    return record.light_end_ns - record.light_start_ns;
  }
};

} // namespace

TEST_CASE("passes repeat each symbol, and a modulating ring takes its time", "[sim]") {
  const one_weight light(8);
  // The last sum is there one pipeline's latency, and the other passes, after its symbol began.
  CHECK(light({"step.passes=3"}) == Approx(20.0 + 99 * 42.0 + 2 * 14.0 + 14.4058).margin(0.001));
  CHECK(light({"step.passes=3", "step.mode=retune_every_step"}) ==
        Approx(99 * 60.0 + 2 * 20.0 + 34.4058).margin(0.001));
  CHECK(light({"modulator=microring"}) == Approx(20.0 + 99 * 20.0 + 0.33 + 20.0 + 0.0058 + 14.0).margin(0.001));
  CHECK(light({"modulator=microring", "step.mode=serial"}) ==
        Approx(100 * (0.33 + 20.0 + 20.0 + 0.0058 + 14.0)).margin(0.1));
}

TEST_CASE("converters in turn take symbols as often as the next slowest stage lets them", "[sim]") {
  const one_weight light(9);
  CHECK(light({"conv_array.adcs=4"}) == Approx(20.0 + 99 * 3.5 + 14.4058).margin(0.001));
  CHECK(light({"conv_array.adcs=100"}) == Approx(20.0 + 99 * 0.33 + 14.4058).margin(0.001)); // the 16-bit DAC
  CHECK(light({"fc_array.adcs=4"}) == light({}));
  CHECK(light({"conv_array.adcs=4", "step.mode=retune_every_step"}) == Approx(99 * 20.0 + 34.4058).margin(0.001));
  // Each conversion costs what it did; all else is held for a quarter of the time.
  const conv_layer layer;
  const keys faster{"conv_array.adcs=4"};
  const auto record = run_layer(layer.network, layer.inputs, faster);
  const auto& c = record.done.conv;
  const auto energy =
      report::energy_of(report::energy_table(chip_with(faster)), record.done, record.end_ns - record.start_ns);
  const auto driven = static_cast<double>(c.stream_lane_symbols - c.gated_lane_symbols);
  const auto symbols = static_cast<double>(c.symbols);
  const double expected = driven * (1.3 + 40.0) * 3.5 + static_cast<double>(c.held_lane_symbols) * 3.0 * 3.5 +
                          static_cast<double>(c.imprinted_rings) * 3.0 * 20.0 + symbols * 2.8 * 3.5 +
                          symbols * 62.0 * 14.0;
  CHECK(energy.total_pj() == Approx(expected).epsilon(1e-12));
}

TEST_CASE("energy is actions times energy per action", "[sim]") {
  const conv_layer layer;
  const auto record = run_layer(layer.network, layer.inputs, {});
  const auto& c = record.done.conv;
  const auto a = chip_with({});
  const auto energy = report::energy_of(report::energy_table(a), record.done, record.end_ns - record.start_ns);
  // Each symbol holds its devices for 14 ns, each imprint its converter for 20 ns (arXiv 2109.04459, Table 2).
  const auto driven = static_cast<double>(c.stream_lane_symbols - c.gated_lane_symbols);
  const double vcsel = driven * 1.3 * 14.0;
  const double activation_dac = driven * 40.0 * 14.0;
  const double weight_dac =
      static_cast<double>(c.held_lane_symbols) * 3.0 * 14.0 + static_cast<double>(c.imprinted_rings) * 3.0 * 20.0;
  const double detector = static_cast<double>(c.symbols) * 2.8 * 14.0;
  const double adc = static_cast<double>(c.symbols) * 62.0 * 14.0;
  const double expected = vcsel + activation_dac + weight_dac + detector + adc;
  std::cout << "energy " << energy.total_pj() << " pJ, by hand " << expected << " pJ, relative deviation "
            << energy.total_pj() / expected - 1 << "\n";
  CHECK(energy.total_pj() == Approx(expected).epsilon(1e-12));
}

TEST_CASE("the fully active chip draws 37.1 W", "[sim]") {
  const double power_w = energy::fully_active_mw(report::energy_table(chip_with({}))) / 1e3;
  std::cout << "fully active: " << power_w << " W\n";
  CHECK(power_w == Approx(37.113).epsilon(1e-12));
}

TEST_CASE("functional timing takes no time", "[sim]") {
  const conv_layer layer;
  const auto record = run_layer(layer.network, layer.inputs, {"run.timing=functional"});
  CHECK(record.end_ns == 0.0);
  CHECK(record.done.conv.symbols > 0);
}
