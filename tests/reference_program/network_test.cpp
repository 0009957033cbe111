// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/calibrate.h"
#include "tb/reference/float_executor.h"
#include "tb/reference/program_executor.h"
#include "tests/reference_program/error_bound.h"
#include "tests/support/random_network.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;
using sonic::reference::quantise;
using sonic::reference::run_float;
using sonic::reference::run_program;

namespace {

numerics random_numerics(random_source& random) {
  numerics how;
  how.element = element_kind::code16;
  how.activation_bits = static_cast<int>(random.integer(8, 16));
  how.weight_bits = static_cast<int>(random.integer(3, 7));
  how.ring_bits = static_cast<int>(random.integer(3, 7));
  how.adc_bits = static_cast<int>(random.integer(9, 16));
  how.conv_lanes = static_cast<int>(random.integer(1, 9));
  how.fc_lanes = static_cast<int>(random.integer(1, 12));
  how.slice_packing = random.chance(0.5);
  how.ring_batch_norm = random.chance(0.5);
  return how;
}

} // namespace

TEST_CASE("a quantised program stays within the bound that its roundings allow", "[network]") {
  const std::uint64_t first_seed = 7000;
  double worst = 0.0;
  double deviation_there = 0.0;
  double bound_there = 0.0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 400; ++seed) {
    random_source random(seed);
    const graph network = random_network(random);
    const auto inputs = random_inputs(network, random);
    const auto how = random_numerics(random);
    const auto exact = run_float(network, inputs);
    const auto p = quantise(network, how, {inputs});
    const auto result = run_program(network, p, how, inputs);
    const auto bounds = error_bounds(network, p, how, exact);
    for (slot_id s = 0; s < p.slots.size(); ++s) {
      const value_id v = p.slots[s].origin;
      const auto& values = network.values[v].constant ? network.values[v].constant->values : exact[v].values;
      const auto found = decode(result.codes[s], p.slots[s], network.values[v].extents);
      REQUIRE(found.values.size() == values.size());
      double deviation = 0.0;
      double largest = 0.0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        deviation = std::max(deviation, std::abs(static_cast<double>(found.values[i] - values[i])));
        largest = std::max(largest, std::abs(static_cast<double>(values[i])));
      }
      CAPTURE(seed, p.slots[s].name, deviation, bounds[s]);
      const double float_rounding = 1e-6 * (1.0 + largest); // of the exact values
      CHECK(deviation <= bounds[s] + float_rounding);
      if (deviation / bounds[s] > worst && largest > 0.0) {
        worst = deviation / bounds[s];
        deviation_there = deviation;
        bound_there = bounds[s];
      }
    }
  }
  WARN("nearest to its bound: deviation " << deviation_there << ", bound " << bound_there);
}

TEST_CASE("numbers: results depend on lanes and packing by half an ADC step per partial sum at most", "[network]") {
  random_source random(71);
  graph_builder g;
  const auto y = g.convolve(g.input({1, 4, 8, 8}), random.tensor({6, 4, 3, 3}, -1, 1, 0.5), square(3, 1, 1));
  const graph network = g.output(y).build();
  const auto inputs = random_inputs(network, random);
  numerics how;
  how.element = element_kind::code16;
  auto reference = quantise(network, how, {inputs});
  auto& s = std::get<step>(reference.steps[0]);
  set_adc_full_scale(s, 8.0F * s.adc_full_scale, how.adc_bits); // room for the longest block
  const auto codes_with = [&](int lanes, bool slice_packing) {
    auto other = how;
    other.conv_lanes = lanes;
    other.slice_packing = slice_packing;
    return run_program(network, reference, other, inputs).codes[reference.outputs[0]];
  };
  const auto base = codes_with(5, true);
  double worst = 0.0;
  for (const int lanes : {1, 2, 5, 9, 36}) {
    for (const bool slice_packing : {false, true}) {
      const auto found = codes_with(lanes, slice_packing);
      const std::size_t plane = 64;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& c = s.channels[i / plane];
        const double code_per_adc_step =
            std::abs(static_cast<double>(c.multiplier_a)) * std::ldexp(1.0, -static_cast<int>(c.shift));
        // At most one partial sum per weight, here and there, and the last rounding of both.
        const double bound = 0.5 * (36.0 + 36.0) * code_per_adc_step + 1.0 + 1e-3;
        const double deviation = std::abs(static_cast<double>(found[i]) - static_cast<double>(base[i]));
        CAPTURE(lanes, slice_packing, i);
        CHECK(deviation <= bound);
        worst = std::max(worst, deviation / bound);
      }
    }
  }
  WARN("largest deviation " << worst << " of the bound");
}

TEST_CASE("images of a batch do not see each other", "[network]") {
  random_source random(72);
  const auto kernel = random.tensor({5, 3, 3, 3}, -1, 1, 0.5);
  const auto matrix = random.tensor({5, 4}, -1, 1, 0.5);
  const auto build = [&](std::int64_t batch) {
    graph_builder g;
    const auto y = g.relu(g.convolve(g.input({batch, 3, 5, 5}), kernel, square(3, 1, 1)));
    const auto z = g.pool(y, pool_kind::average, square(5, 1));
    return g.output(g.multiply(g.relabel(z, {batch, 5}), matrix)).build();
  };
  numerics how;
  how.element = element_kind::code16;
  const graph together = build(3);
  const graph alone = build(1);
  const auto inputs = random_inputs(together, random);
  const auto p = quantise(together, how, {inputs});
  const auto expected = run_program(together, p, how, inputs).codes[p.outputs[0]];
  // The same numbers for one image: ranges and ADC scales of the whole batch.
  auto single = compile(alone, how, sonic::reference::find_ranges(together, {inputs}));
  for (std::size_t i = 0; i < single.steps.size(); ++i) {
    auto& s = std::get<step>(single.steps[i]);
    if (!s.weights.codes.empty()) {
      set_adc_full_scale(s, std::get<step>(p.steps[i]).adc_full_scale, how.adc_bits);
    }
  }
  for (std::size_t image = 0; image < 3; ++image) {
    tensor one{{1, 3, 5, 5}, {}};
    one.values.assign(inputs[0].values.begin() + static_cast<std::ptrdiff_t>(image * 75),
                      inputs[0].values.begin() + static_cast<std::ptrdiff_t>((image + 1) * 75));
    const auto found = run_program(alone, single, how, {one}).codes[single.outputs[0]];
    CHECK(std::equal(found.begin(), found.end(), expected.begin() + static_cast<std::ptrdiff_t>(image * 4)));
  }
}

TEST_CASE("the same program on the same input gives the same codes", "[network]") {
  random_source random(73);
  const graph network = random_network(random);
  const auto inputs = random_inputs(network, random);
  numerics how;
  how.element = element_kind::code16;
  const auto p = quantise(network, how, {inputs});
  sonic::reference::program_executor executor(network, p, how);
  const auto first = executor.run(inputs);
  const auto second = executor.run(inputs);
  for (std::size_t i = 0; i < p.steps.size(); ++i) {
    executor.release(i);
  }
  const auto prepared_again = executor.run(inputs);
  const auto again = quantise(network, how, {inputs});
  const auto third = run_program(network, again, how, inputs);
  for (slot_id s = 0; s < p.slots.size(); ++s) {
    CHECK(first[s] == second[s]);
    CHECK(first[s] == prepared_again[s]);
    CHECK(first[s] == third.codes[s]);
  }
}
