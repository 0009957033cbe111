// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/float_executor.h"
#include "tb/workload/compile.h"
#include "tests/support/float_program.h"
#include "tests/support/random_network.h"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Largest difference between a float32 program's slots and the network's values, relative to each tensor's largest.
double deviation(const graph& network, const std::vector<tensor>& inputs) {
  const auto expected = sonic::reference::run_float(network, inputs);
  const auto p = compile(network, {}, {});
  const auto found = run_float_program(network, p, inputs);
  double worst = 0.0;
  for (slot_id s = 0; s < p.slots.size(); ++s) {
    const auto& origin = p.slots[s].origin;
    const auto& values =
        network.values[origin].constant ? network.values[origin].constant->values : expected[origin].values;
    REQUIRE(found[s].size() == values.size());
    double largest = 1e-6;
    for (const float v : values) {
      largest = std::max(largest, std::abs(static_cast<double>(v)));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      INFO("tensor " << p.slots[s].name << " element " << i << ": " << found[s][i] << ", expected " << values[i]);
      REQUIRE(std::isfinite(found[s][i]));
      worst = std::max(worst, std::abs(static_cast<double>(found[s][i] - values[i])) / largest);
    }
  }
  return worst;
}

constexpr double tolerance = 1e-5;

} // namespace

TEST_CASE("a float32 program of a random network computes the network", "[float_program]") {
  const std::uint64_t first_seed = 1000;
  double worst = 0.0;
  for (std::uint64_t seed = first_seed; seed < first_seed + 400; ++seed) {
    random_source random(seed);
    const graph network = random_network(random);
    CAPTURE(seed);
    const double d = deviation(network, random_inputs(network, random));
    CHECK(d <= tolerance);
    worst = std::max(worst, d);
  }
  WARN("largest relative deviation " << worst << ", bound " << tolerance);
}

TEST_CASE("each kind of node alone is a program", "[float_program]") {
  random_source random(51);
  graph_builder g;
  const auto x = g.input({2, 4, 5, 6});
  const auto build = GENERATE(range(0, 18));
  value_id y = x;
  switch (build) {
  case 0:
    y = g.convolve(x, random.tensor({6, 2, 3, 2}, -1, 1, 0.5), square(1, 2, 1), 2);
    break;
  case 1:
    y = g.convolve(g.relabel(x, {2, 20, 6}), random.tensor({3, 20, 1, 3}, -1, 1, 0.5));
    break;
  case 2:
    y = g.multiply(x, random.tensor({6, 3}, -1, 1, 0.5), {1.0F, 2.0F, 3.0F});
    break;
  case 3:
    y = g.multiply(g.relabel(x, {240}), random.tensor({240, 3}, -1, 1, 0.5));
    break;
  case 4:
    y = g.add(x, g.constant(random.tensor({5, 1}, -1, 1)));
    break;
  case 5:
    y = g.add(g.relabel(x, {8, 1, 30}), g.constant(random.tensor({3, 8, 7, 1}, -1, 1)));
    break;
  case 6:
    y = g.line(x, {1.0, -2.0, 0.0, 4.0}, {0.0, 1.0, 2.0, 3.0});
    break;
  case 7:
    y = g.line(x, {-2.0}, {0.5});
    break;
  case 8:
    y = g.activate(x, {0.1, -infinity, 0.5});
    break;
  case 9:
    y = g.pool(x, pool_kind::maximum, square(3, 2, 1));
    break;
  case 10:
    y = g.pool(x, pool_kind::average, square(3, 2, 1), true);
    break;
  case 11:
    y = g.pool(g.relabel(x, {8, 5, 6}), pool_kind::average, {{1, 6}, {1, 1}, {1, 1}, {0, 0}, {0, 0}});
    break;
  case 12:
    y = g.transpose(x, {3, 1, 0, 2});
    break;
  case 13:
    y = g.transpose(g.relabel(x, {2, 2, 2, 5, 3, 2}), {5, 4, 3, 2, 1, 0});
    break;
  case 14:
    y = g.concat({x, g.constant(random.tensor({2, 4, 5, 2}, -1, 1)), x}, 3);
    break;
  case 15:
    y = g.pad(x, {0, 1, -2, 0}, {1, -1, 3, 0}, -0.25);
    break;
  case 16:
    y = g.pad(x, {-1, 0, -1, 0}, {0, -2, 0, -3}, 7.0);
    break;
  default:
    y = g.softmax(x, 1, 2);
  }
  const graph network = g.output(y).build();
  CAPTURE(build);
  CHECK(deviation(network, random_inputs(network, random)) <= tolerance);
}

TEST_CASE("parameters per channel follow axis 1 of tensors of rank 2 to 6", "[float_program]") {
  random_source random(52);
  for (const shape& extents :
       {shape{3, 4}, shape{3, 4, 5}, shape{3, 4, 2, 2}, shape{2, 4, 3, 2, 2}, shape{1, 4, 1, 3, 2, 2}}) {
    graph_builder g;
    const graph network = g.output(g.line(g.input(extents), {1.0, 2.0, 3.0, 4.0}, {0.0})).build();
    CAPTURE(to_string(extents));
    CHECK(deviation(network, random_inputs(network, random)) <= tolerance);
  }
}

TEST_CASE("a product of a tensor of rank 3 or 4 works on a view of its storage", "[float_program]") {
  random_source random(53);
  graph_builder g;
  const auto x = g.input({2, 3, 5});
  const auto y = g.multiply(x, random.tensor({5, 4}, -1, 1));
  const graph network = g.output(y).build();
  const auto p = compile(network, {}, {});
  const auto& s = std::get<step>(p.steps[0]);
  CHECK(p.slots[s.input].extents == extents_4d{6, 5, 1, 1});
  CHECK(p.slots[s.output].extents == extents_4d{6, 4, 1, 1});
  CHECK(p.slots[s.input].storage == p.inputs[0]);
  CHECK(p.slots[s.output].storage == p.outputs[0]);
}
