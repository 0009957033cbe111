// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/reference/program_executor.h"
#include "tests/support/graph_builder.h"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using codes = std::vector<std::uint16_t>;

/// Runs a network whose tensors all have the range (low, low + 255) under 8 bits, so that codes are reals minus low.
codes run(const graph& network, const std::vector<float>& input, double low = 0.0) {
  numerics how;
  how.element = element_kind::code16;
  how.activation_bits = 8;
  const auto p = compile(network, how, std::vector<value_range>(network.values.size(), {low, low + 255.0}));
  return sonic::reference::run_program(network, p, how, {{network.values[network.inputs[0]].extents, input}})
      .codes[p.outputs[0]];
}

} // namespace

TEST_CASE("numbers: below zero the slope applies in steps of 1/32768, halves upward", "[electronic]") {
  graph_builder g;
  const graph network = g.output(g.activate(g.input({1, 6}), {0.5, -infinity, infinity})).build();
  // Zero point 100: reals -1, -2, -3, -4, 5, -100; half of them, where -0.5 becomes 0 and -1.5 becomes -1.
  CHECK(run(network, {-1, -2, -3, -4, 5, -100}, -100.0) == codes{100, 99, 99, 98, 105, 50});
}

TEST_CASE("numbers: clip ends are codes of the output", "[electronic]") {
  graph_builder g;
  const graph network = g.output(g.activate(g.input({1, 4}), {1.0, -3.0, 6.0})).build();
  CHECK(run(network, {-50, -3, 2, 50}, -100.0) == codes{97, 97, 102, 106});
}

TEST_CASE("numbers: a rectified value is the zero point", "[electronic]") {
  graph_builder g;
  const graph network = g.output(g.relu(g.input({1, 3}))).build();
  CHECK(run(network, {-50, 0, 7}, -100.0) == codes{100, 100, 107});
}

TEST_CASE("numbers: an average has 16 fractional bits and is rounded once to a code", "[electronic]") {
  graph_builder g;
  const graph network =
      g.output(g.pool(g.input({1, 1, 1, 3}), pool_kind::average, {{1, 3}, {1, 1}, {1, 1}, {0, 0}, {0, 0}})).build();
  CHECK(run(network, {1, 1, 2}) == codes{1}); // 4/3
  CHECK(run(network, {1, 2, 2}) == codes{2}); // 5/3
  graph_builder half;
  const graph two =
      half.output(half.pool(half.input({1, 1, 1, 2}), pool_kind::average, {{1, 2}, {1, 1}, {1, 1}, {0, 0}, {0, 0}}))
          .build();
  CHECK(run(two, {1, 2}) == codes{2}); // 1.5: halves go up
  CHECK(run(two, {2, 3}) == codes{3});
}

TEST_CASE("numbers: an average counts padding as real zero, or not at all", "[electronic]") {
  const auto average = [](bool count_include_pad) {
    graph_builder g;
    const window w{{1, 2}, {1, 1}, {1, 1}, {0, 1}, {0, 0}};
    return g.output(g.pool(g.input({1, 1, 1, 2}), pool_kind::average, w, count_include_pad)).build();
  };
  CHECK(run(average(false), {-40, 20}, -100.0) == codes{60, 90});
  CHECK(run(average(true), {-40, 20}, -100.0) == codes{80, 90});
}

TEST_CASE("numbers: a maximum is taken over codes, never over padding, and keeps scale and zero point",
          "[electronic]") {
  graph_builder g;
  const window w{{1, 2}, {1, 2}, {1, 1}, {0, 1}, {0, 1}};
  const graph network = g.output(g.pool(g.input({1, 1, 1, 4}), pool_kind::maximum, w)).build();
  CHECK(run(network, {-40, -20, -30, -50}, -100.0) == codes{60, 80, 50});
  numerics how;
  how.element = element_kind::code16;
  std::vector<value_range> ranges(network.values.size(), {-1.0, 1.0});
  ranges[network.outputs[0]] = {-7.0, 9.0};
  const auto p = compile(network, how, ranges);
  CHECK(p.slots[p.outputs[0]].scale == p.slots[p.inputs[0]].scale);
  CHECK(p.slots[p.outputs[0]].zero_point == p.slots[p.inputs[0]].zero_point);
}

TEST_CASE("transposes, crops and padding copy codes exactly", "[electronic]") {
  graph_builder g;
  const auto x = g.input({1, 2, 3});
  const graph turned = g.output(g.transpose(x, {0, 2, 1})).build();
  CHECK(run(turned, {1, 2, 3, 4, 5, 6}) == codes{1, 4, 2, 5, 3, 6});
  graph_builder padded;
  const auto y = padded.input({1, 2, 2});
  const graph grown = padded.output(padded.pad(y, {0, 0, 1}, {0, 0, 0}, -7.0)).build();
  CHECK(run(grown, {1, 2, 3, 4}, -100.0) == codes{93, 101, 102, 93, 103, 104});
}

TEST_CASE("numbers: padding with minus infinity leaves the scale alone and never wins a maximum", "[electronic]") {
  graph_builder g;
  const auto y = g.pad(g.input({1, 1, 1, 2}), {0, 0, 0, 1}, {0, 0, 0, 0}, -infinity);
  const graph network = g.output(y).build();
  numerics how;
  how.element = element_kind::code16;
  how.activation_bits = 8;
  std::vector<value_range> ranges(network.values.size(), {-100.0, 155.0});
  ranges[y].minimum = -infinity; // as it would be measured
  const auto p = compile(network, how, ranges);
  CHECK(p.slots[p.outputs[0]].scale == p.slots[p.inputs[0]].scale);
  CHECK(sonic::reference::run_program(network, p, how, {{{1, 1, 1, 2}, {-40, 3}}}).codes[p.outputs[0]] ==
        codes{0, 60, 103});
}

TEST_CASE("numbers: the mean's fractional bits are rounded, halves up", "[electronic]") {
  graph_builder g;
  const auto x = g.input({1, 1, 1, 3});
  const auto y = g.pool(x, pool_kind::average, {{1, 3}, {1, 1}, {1, 1}, {0, 0}, {0, 0}});
  const graph network = g.output(y).build();
  numerics how;
  how.element = element_kind::code16;
  std::vector<value_range> ranges(network.values.size());
  ranges[x] = {0.0, 65535.0};
  ranges[y] = {0.0, 1.0};
  const auto p = compile(network, how, ranges);
  // 2/3 is 43690.67 / 65536, so 43691; times 65535/65536 that is 43690.33.
  CHECK(sonic::reference::run_program(network, p, how, {{{1, 1, 1, 3}, {0, 1, 1}}}).codes[p.outputs[0]] ==
        codes{43690});
}

TEST_CASE("additions and concatenations bring operands to the output's scale", "[electronic]") {
  numerics how;
  how.element = element_kind::code16;
  how.activation_bits = 8;
  graph_builder g;
  const auto x = g.input({1, 3});
  const auto sum = g.add(x, g.constant({{1, 3}, {0.0F, 51.0F, 255.0F}}));
  const graph network = g.output(sum).build();
  std::vector<value_range> ranges(network.values.size());
  ranges[x] = {0.0, 25.5};
  ranges[sum] = {0.0, 510.0};
  const auto p = compile(network, how, ranges);
  const auto found = sonic::reference::run_program(network, p, how, {{{1, 3}, {25.5F, 9.0F, 25.0F}}});
  CHECK(found.codes[p.outputs[0]] == codes{13, 30, 140}); // 12.75, 30, 140 steps of 2
}

TEST_CASE("a program of float32 elements is not run", "[electronic]") {
  graph_builder g;
  const graph network = g.output(g.relu(g.input({1, 3}))).build();
  CHECK_THROWS_AS(sonic::reference::run_program(network, compile(network, {}, {}), {}, {{{1, 3}, {1, 2, 3}}}),
                  sonic::core::user_error);
}

TEST_CASE("inputs of a wrong number or size are refused", "[electronic]") {
  numerics how;
  how.element = element_kind::code16;
  graph_builder g;
  const graph network = g.output(g.relu(g.input({1, 3}))).build();
  const auto p = compile(network, how, std::vector<value_range>(network.values.size(), {0.0, 1.0}));
  CHECK_THROWS_WITH(sonic::reference::run_program(network, p, how, {}), Catch::Contains("0 inputs"));
  CHECK_THROWS_WITH(sonic::reference::run_program(network, p, how, {{{1, 2}, {1, 2}}}), Catch::Contains("input x0"));
}
