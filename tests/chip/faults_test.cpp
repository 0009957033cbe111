// SPDX-License-Identifier: Apache-2.0
// Broken devices in the chip: what each changes, and what the policies bring back.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"
#include "tests/support/in_child.h"

#include "sonic/core/error.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

/// Physical optics with nothing wrong but faults.
const keys perfect{"run.optics=physical",
                   "effects={crosstalk: off, imprint_steps: off, converter_nonlinearity: off, laser_extinction: off, "
                   "fabrication: off, ambient: off, receiver_noise: off, intensity_noise: off, converter_noise: off}"};

struct ran {
  std::vector<float> output;
  core::layer_record layer;
};

/// Codes of the last slot, and what the first layer did, of a chip of its own.
/// @param calibration what the network is quantised with
ran run(const workload::graph& g, const keys& overrides, const workload::tensor& calibration,
        const workload::tensor& input) {
  const auto bytes = in_child([&] {
    const auto a = chip_with(overrides);
    const auto p = reference::quantise(g, host::numerics_of(a), {{calibration}});
    const auto found = run_on_chip(a, g, p, {input});
    const auto& values = found.values.back().values;
    std::vector<std::uint8_t> out(sizeof(core::layer_record) + values.size() * sizeof(float));
    std::memcpy(out.data(), &found.layers.at(0), sizeof(core::layer_record));
    std::memcpy(out.data() + sizeof(core::layer_record), values.data(), values.size() * sizeof(float));
    return out;
  });
  ran r;
  std::memcpy(&r.layer, bytes.data(), sizeof(r.layer));
  r.output.resize((bytes.size() - sizeof(r.layer)) / sizeof(float));
  std::memcpy(r.output.data(), bytes.data() + sizeof(r.layer), r.output.size() * sizeof(float));
  return r;
}

/// 50 activations on the 50 lanes of FC units, 100 neurons: ten symbols for each of ten units.
struct fc_layer {
  static constexpr std::size_t in = 50, out = 100, units = 10;
  workload::graph network;
  workload::tensor input;

  fc_layer() {
    random_source random(17);
    graph_builder b;
    const auto x = b.input({1, in});
    b.output(b.multiply(x, random.tensor({in, out}, -1.0, 1.0)));
    network = b.build();
    input = random.tensor({1, in}, 0.1, 1.0);
  }
  [[nodiscard]] ran on(const keys& overrides) const { return run(network, overrides, input, input); }
  [[nodiscard]] ran on(const keys& overrides, const workload::tensor& other) const {
    return run(network, overrides, input, other);
  }
};

/// Of every slot of a network with work for every unit and lane: a convolution and a fully connected layer.
std::vector<float> values_of(std::uint64_t seed, const keys& overrides) {
  const auto bytes = in_child([&] {
    random_source random(seed);
    graph_builder b;
    const auto x = b.input({1, 4, 9, 9});
    const auto y = b.relu(b.convolve(x, random.tensor({6, 4, 3, 3}, -1.0, 1.0, 0.3), square(3, 1, 1)));
    b.output(b.multiply(b.relabel(y, {1, 486}), random.tensor({486, 20}, -1.0, 1.0, 0.3)));
    const auto g = b.build();
    const std::vector<workload::tensor> inputs{random.tensor({1, 4, 9, 9}, 0.0, 1.0, 0.2)};
    const auto a = chip_with(overrides);
    const auto found = run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {inputs}), inputs);
    std::vector<std::uint8_t> out;
    for (const auto& v : found.values) {
      const auto* begin = reinterpret_cast<const std::uint8_t*>(v.values.data());
      out.insert(out.end(), begin, begin + v.values.size() * sizeof(float));
    }
    return out;
  });
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

/// Neurons that differ, by the unit that computes them; every other one is equal.
std::vector<std::size_t> differing_units(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<std::size_t> differing(fc_layer::units);
  for (std::size_t i = 0; i < a.size(); ++i) {
    differing[i / (fc_layer::out / fc_layer::units)] += a[i] == b[i] ? 0U : 1U;
  }
  return differing;
}

} // namespace

TEST_CASE("a dead laser takes the products of its lane in its unit, and no others", "[sim]") {
  const fc_layer layer;
  const auto sound = layer.on(perfect);
  auto without = layer.input;
  without.values[7] = 0.0F; // the activation on ring 7
  const auto expected = layer.on(perfect, without);
  const auto found = layer.on(perfect + keys{"faults.list=fc_array.vdu_3.laser_7"});
  std::size_t changed = 0;
  for (std::size_t i = 0; i < fc_layer::out; ++i) {
    const bool of_unit = i / 10 == 3;
    CHECK(found.output[i] == (of_unit ? expected : sound).output[i]);
    changed += found.output[i] == sound.output[i] ? 0U : 1U;
  }
  std::cout << changed << " of the unit's 10 neurons changed\n";
  CHECK(changed >= 8);
}

TEST_CASE("a dead laser of the CONV array takes an input channel of the symbols that its unit has", "[sim]") {
  random_source random(18);
  graph_builder b;
  const auto x = b.input({1, 5, 10, 10});
  b.output(b.convolve(x, random.tensor({1, 5, 1, 1}, 0.2, 1.0), square(1)));
  const auto g = b.build();
  const auto input = random.tensor({1, 5, 10, 10}, 0.1, 1.0);
  auto without = input;
  std::fill(without.values.begin() + 400, without.values.end(), 0.0F); // channel 4, on lane 4
  const keys chip = perfect + keys{"packing=whole_kernel", "conv_array.vdus=4"};
  const auto sound = run(g, chip, input, input), expected = run(g, chip, input, without);
  const auto found = run(g, chip + keys{"faults.list=conv_array.vdu_2.laser_4"}, input, input);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    wrong += found.output[i] == (i / 25 == 2 ? expected : sound).output[i] ? 0U : 1U;
  }
  CHECK(wrong == 0);
  CHECK(found.output != sound.output);
}

TEST_CASE("every kind of fault changes values of its unit alone", "[sim]") {
  const fc_layer layer;
  const keys noisy = perfect + keys{"effects.receiver_noise=on"};
  const auto sound = layer.on(noisy);
  for (const std::string device : {"ring_4=1", "heater_4=0.3 nm", "detector=1000", "adc_bit_13=1", "adc_bit_13=0"}) {
    const auto differing =
        differing_units(sound.output, layer.on(noisy + keys{"faults.list=fc_array.vdu_6." + device}).output);
    CAPTURE(device);
    for (std::size_t unit = 0; unit < fc_layer::units; ++unit) {
      CHECK((differing[unit] > 0) == (unit == 6));
    }
  }
}

TEST_CASE("the same seed breaks the same devices in every mode of time, and another seed others", "[sim]") {
  const keys rates{"run.optics=physical",         "faults.dead_lasers=0.05",    "faults.stuck_rings=0.05",
                   "faults.detuned_heaters=0.05", "faults.noisy_detectors=0.1", "faults.stuck_adc_bits=0.1"};
  for (std::uint64_t seed = 61; seed < 64; ++seed) {
    CAPTURE(seed);
    const auto expected = values_of(seed, rates);
    CHECK(values_of(seed, rates + keys{"run.timing=approximately_timed"}) == expected);
    CHECK(values_of(seed, rates + keys{"run.timing=functional"}) == expected);
    CHECK(values_of(seed, rates + keys{"run.seed=2"}) != expected);
    CHECK(values_of(seed, {"run.optics=physical"}) != expected);
  }
}

TEST_CASE("units left out leave the values as they were, and a pass takes ceil(symbols / units) steps", "[sim]") {
  const fc_layer layer;
  const auto sound = layer.on(perfect);
  CHECK(sound.layer.done.fc.steps == 10);
  std::string list;
  for (std::size_t broken = 1; broken < fc_layer::units; ++broken) {
    const std::string unit = "fc_array.vdu_" + std::to_string(broken * 7 % 10);
    list += (list.empty() ? "" : ", ") + unit + (broken % 2 == 0 ? ".laser_3" : ".adc_bit_2=1");
    const auto found = layer.on(perfect + keys{"faults.policy=skip_units", "faults.list=" + list});
    const std::size_t working = fc_layer::units - broken;
    const std::size_t steps = (fc_layer::out + working - 1) / working;
    std::cout << working << " units: " << found.layer.done.fc.steps << " steps, " << steps << " expected\n";
    CAPTURE(list);
    CHECK(found.output == sound.output);
    CHECK(found.layer.done.fc.steps == steps);
    CHECK(found.layer.done.fc.symbols == sound.layer.done.fc.symbols);
  }
}

TEST_CASE("units left out change no values of whole networks, in any mode of time", "[sim]") {
  const keys skip = perfect + keys{"faults.policy=skip_units", "faults.dead_lasers=0.02", "faults.stuck_adc_bits=0.2"};
  for (std::uint64_t seed = 71; seed < 75; ++seed) {
    CAPTURE(seed);
    const auto expected = values_of(seed, perfect);
    CHECK(values_of(seed, {}) == expected); // nothing is imperfect: quantised optics
    CHECK(values_of(seed, skip) == expected);
    CHECK(values_of(seed, skip + keys{"run.timing=approximately_timed"}) == expected);
  }
}

TEST_CASE("spare lanes bring back the values of a sound chip with as many lanes, noise and all", "[sim]") {
  const keys spare{"run.optics=physical", "effects={crosstalk: off, fabrication: off}", "faults.policy=spare_lanes",
                   "faults.spare_lanes=2"};
  const std::string two = "conv_array.vdu_0.laser_0, conv_array.vdu_0.ring_4=0.5, conv_array.vdu_1.heater_2=0.3 nm, "
                          "fc_array.vdu_0.laser_49, fc_array.vdu_0.laser_50, fc_array.vdu_3.ring_7=-1";
  for (std::uint64_t seed = 81; seed < 84; ++seed) {
    CAPTURE(seed);
    const auto expected = values_of(seed, spare);
    CHECK(values_of(seed, spare + keys{"faults.list=" + two}) == expected);
    const std::string three = two + ", fc_array.vdu_0.laser_1"; // lane 49 stays dark
    CHECK(values_of(seed, spare + keys{"faults.list=" + three}) != expected);
  }
}

TEST_CASE("with every bit of the activations flipped, the chip computes with their complement", "[sim]") {
  const fc_layer layer;
  const auto p = reference::quantise(layer.network, host::numerics_of(chip_with(perfect)), {{layer.input}});
  const double scale = p.slots.front().scale;
  REQUIRE(p.slots.front().zero_point == 0);
  auto complement = layer.input;
  for (float& v : complement.values) {
    v = static_cast<float>(scale * (65535.0 - std::nearbyint(v / scale)));
  }
  const auto expected = layer.on(perfect, complement);
  const auto found = layer.on(perfect + keys{"faults.activation_buffer_flips=1"});
  CHECK(found.output == expected.output);
  CHECK(found.output != layer.on(perfect).output);
}

TEST_CASE("with every bit of the partial sums flipped, sums have the other sign", "[sim]") {
  const fc_layer layer;
  const auto sound = layer.on(perfect).output;
  const auto found = layer.on(perfect + keys{"faults.partial_sum_buffer_flips=1"}).output;
  const auto [least, most] = std::minmax_element(sound.begin(), sound.end());
  const float inside = std::min(-*least, *most), step = (*most - *least) / 65535.0F; // of codes; of sums about twice
  float worst = 0.0F;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    if (std::abs(sound[i]) < inside) { // else the post-processor limits it
      worst = std::max(worst, std::abs(sound[i] + found[i]) / step);
    }
  }
  std::cout << "largest deviation from the negative " << worst << " steps\n";
  CHECK(worst < 6.0F);
}

TEST_CASE("flipped bits are the same in every mode of time, and other ones for another seed", "[sim]") {
  for (const std::string buffer : {"weight", "activation", "partial_sum"}) {
    const keys flips = perfect + keys{"faults." + buffer + "_buffer_flips=0.002"};
    for (std::uint64_t seed = 91; seed < 94; ++seed) {
      CAPTURE(buffer, seed);
      const auto expected = values_of(seed, flips);
      CHECK(values_of(seed, flips + keys{"run.timing=approximately_timed"}) == expected);
      CHECK(values_of(seed, flips + keys{"run.seed=2"}) != expected);
      CHECK(values_of(seed, perfect) != expected);
    }
  }
}

TEST_CASE("an array without a unit that works is refused before it is built", "[sim]") {
  keys list{"run.optics=physical", "fc_array.vdus=2", "faults.policy=skip_units",
            "faults.list=fc_array.vdu_0.laser_0, fc_array.vdu_1.adc_bit_0=0"};
  const auto message = in_child([&] {
    std::string text = "accepted";
    try {
      run_on_chip(chip_with(list), fc_layer().network,
                  reference::quantise(fc_layer().network, host::numerics_of(chip_with(list)), {{fc_layer().input}}),
                  {fc_layer().input});
    } catch (const core::user_error& e) {
      text = e.what();
    }
    return std::vector<std::uint8_t>(text.begin(), text.end());
  });
  CHECK(std::string(message.begin(), message.end()) ==
        "--set faults.policy: all 2 units of the fc_array are damaged, so that none is left to work; expected fewer "
        "faults, or another policy");
}
