// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/workload/compile.h"
#include "tests/support/graph_builder.h"

#include <cmath>
#include <functional>
#include <limits>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

graph activated(const activation& function) {
  graph_builder g;
  return g.output(g.activate(g.input({1, 4}), function)).build();
}

void refuse(const graph& network, const std::function<void(numerics&)>& change, const std::string& message,
            const value_range& range = {-1.0, 1.0}) {
  numerics how;
  how.element = element_kind::code16;
  change(how);
  CHECK_THROWS_WITH(compile(network, how, std::vector<value_range>(network.values.size(), range)),
                    Catch::Contains(message));
}

const std::function<void(numerics&)> nothing = [](numerics&) {};

} // namespace

TEST_CASE("numbers of bits and lanes out of range are refused", "[refusal]") {
  const graph network = activated({0.0, -infinity, infinity});
  refuse(
      network, [](numerics& n) { n.activation_bits = 17; }, "activation_dac.bits: is 17");
  refuse(
      network, [](numerics& n) { n.activation_bits = 0; }, "activation_dac.bits: is 0");
  refuse(
      network, [](numerics& n) { n.weight_bits = 16; }, "weight_dac.bits: is 16");
  refuse(
      network, [](numerics& n) { n.adc_bits = 1; }, "adc.bits: is 1");
  refuse(
      network, [](numerics& n) { n.adc_bits = 17; }, "adc.bits: is 17");
  refuse(
      network, [](numerics& n) { n.conv_lanes = 0; }, "CONV array: is 0");
  refuse(
      network, [](numerics& n) { n.fc_lanes = -1; }, "FC array: is -1");
}

TEST_CASE("ranges that are missing or no ranges are refused", "[refusal]") {
  const graph network = activated({0.0, -infinity, infinity});
  numerics how;
  how.element = element_kind::code16;
  CHECK_THROWS_WITH(compile(network, how, {}), Catch::Contains("expected one for each"));
  refuse(network, nothing, "tensor x0", {1.0, -1.0});
  refuse(network, nothing, "tensor x0", {-1.0, infinity});
}

TEST_CASE("coefficients that are no numbers are refused, and slopes that the post-processor cannot hold", "[refusal]") {
  refuse(activated({33.0, -infinity, infinity}), nothing, "node Activation_0");
  refuse(activated({std::nan(""), -infinity, infinity}), nothing, "node Activation_0");
}

TEST_CASE("a scale that is infinite is refused", "[refusal]") {
  graph_builder g;
  refuse(g.output(g.line(g.input({1, 2}), {1.0, infinity}, {0.0})).build(), nothing, "BatchNormalization_0");
  graph_builder with_light;
  const auto y =
      with_light.multiply(with_light.input({1, 2}), {{2, 2}, {1.0F, 2.0F, 3.0F, 4.0F}}, {std::nanf(""), 1.0F});
  refuse(with_light.output(y).build(), nothing, "MatMul_0");
}

TEST_CASE("scales that do not fit axis 1 are refused", "[refusal]") {
  graph_builder g;
  refuse(g.output(g.line(g.input({1, 2}), {1.0, 2.0, 3.0}, {0.0})).build(), nothing, "3 channels");
  graph_builder vector;
  refuse(vector.output(vector.line(vector.input({3}), {1.0, 2.0, 3.0}, {0.0})).build(), nothing, "3 channels");
}

TEST_CASE("weights that are no numbers are refused", "[refusal]") {
  graph_builder g;
  const auto y = g.multiply(g.input({1, 2}), {{2, 1}, {1.0F, std::numeric_limits<float>::infinity()}});
  refuse(g.output(y).build(), nothing, "MatMul_0");
}
