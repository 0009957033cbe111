// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile.h"
#include "tests/support/graph_builder.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using sonic::tests::graph_builder;
using sonic::tests::random_source;

namespace {

program compiled(const graph& network) {
  return compile(network, {}, {});
}

bool has_slot(const program& p, value_id v) {
  return std::any_of(p.slots.begin(), p.slots.end(), [&](const slot& s) { return s.origin == v; });
}

tensor kernel() {
  return random_source(1).tensor({4, 3, 3, 3}, -1.0, 1.0);
}

const std::vector<double> four_scales{1.0, -2.0, 0.5, 3.0};
const std::vector<double> four_shifts{0.1, 0.2, 0.3, 0.4};

} // namespace

TEST_CASE("numbers: convolution, batch normalisation and activation are one step and leave one tensor", "[fuse]") {
  graph_builder g;
  const auto x = g.input({1, 3, 6, 6});
  const auto y = g.convolve(x, kernel(), {}, 1, {1.0F, 2.0F, 3.0F, 4.0F});
  const auto normal = g.line(y, four_scales, four_shifts);
  const auto z = g.relu(normal);
  const auto p = compiled(g.output(z).build());
  REQUIRE(p.steps.size() == 1);
  const auto& s = std::get<step>(p.steps[0]);
  CHECK(s.nodes == std::vector<std::size_t>{0, 1, 2});
  CHECK(s.name == "Conv_0+BatchNormalization_1+Activation_2");
  CHECK_FALSE(has_slot(p, y));
  CHECK_FALSE(has_slot(p, normal));
  CHECK(has_slot(p, z));
  for (std::size_t c = 0; c < 4; ++c) {
    CHECK(s.channels[c].exact_a == four_scales[c]);
    CHECK(s.channels[c].exact_offset == Approx(four_scales[c] * static_cast<double>(c + 1) + four_shifts[c]));
  }
  CHECK(s.exact_negative_slope == 0.0);
}

TEST_CASE("a tensor that someone else needs stays", "[fuse]") {
  graph_builder g;
  const auto y = g.convolve(g.input({1, 3, 6, 6}), kernel());
  const auto z = g.relu(y);
  SECTION("another node") {
    const auto p = compiled(g.output(g.add(y, z)).build());
    CHECK(has_slot(p, y));
    CHECK(p.steps.size() == 3);
  }
  SECTION("an output of the graph") {
    const auto p = compiled(g.output(z).output(y).build());
    CHECK(has_slot(p, y));
    CHECK(p.steps.size() == 2);
  }
}

TEST_CASE("a constant per-channel addition joins the bias", "[fuse]") {
  random_source random(3);
  SECTION("of a convolution, along axis 1") {
    graph_builder g;
    const auto y = g.convolve(g.input({2, 3, 6, 6}), kernel());
    const auto p = compiled(g.output(g.add(g.constant(random.tensor({4, 1, 1}, -1, 1)), y)).build());
    CHECK(p.steps.size() == 1);
    CHECK(p.constants.empty());
  }
  SECTION("of a product, along the last axis") {
    graph_builder g;
    const auto y = g.multiply(g.input({2, 5, 6}), random.tensor({6, 7}, -1, 1));
    const auto p = compiled(g.output(g.relu(g.add(y, g.constant(random.tensor({7}, -1, 1))))).build());
    CHECK(p.steps.size() == 1);
  }
  SECTION("but not along another axis") {
    graph_builder g;
    const auto y = g.multiply(g.input({2, 5, 6}), random.tensor({6, 7}, -1, 1));
    const auto p = compiled(g.output(g.add(y, g.constant(random.tensor({5, 1}, -1, 1)))).build());
    CHECK(p.steps.size() == 2);
    CHECK(p.constants.size() == 1);
  }
  SECTION("and not where it widens the tensor") {
    graph_builder g;
    const auto y = g.multiply(g.input({1, 6}), random.tensor({6, 1}, -1, 1));
    const auto p = compiled(g.output(g.add(y, g.constant(random.tensor({1, 7}, -1, 1)))).build());
    CHECK(p.steps.size() == 2);
  }
}

TEST_CASE("an addition takes its activation, a pool nothing", "[fuse]") {
  graph_builder g;
  const auto x = g.input({1, 3, 6, 6});
  const auto sum = g.relu(g.add(x, x));
  const auto p = compiled(g.output(g.relu(g.pool(sum, pool_kind::maximum, sonic::tests::square(2, 2)))).build());
  REQUIRE(p.steps.size() == 3);
  CHECK(std::get<step>(p.steps[0]).nodes.size() == 2);
  CHECK(std::get<step>(p.steps[1]).kind == step_kind::max_pool);
}

TEST_CASE("a relabelling shares storage, scale and zero point", "[fuse]") {
  graph_builder g;
  const auto x = g.input({2, 3, 4});
  const auto flat = g.relabel(x, {2, 12});
  const auto again = g.relabel(flat, {24});
  const auto network = g.output(again).build();
  numerics how;
  how.element = element_kind::code16;
  const auto p = compile(network, how, std::vector<value_range>(network.values.size(), {-1.0, 2.0}));
  CHECK(p.steps.empty());
  REQUIRE(p.slots.size() == 3);
  CHECK(p.slots[p.outputs[0]].storage == p.inputs[0]);
  CHECK(p.slots[p.outputs[0]].scale == p.slots[p.inputs[0]].scale);
  CHECK(p.slots[p.outputs[0]].zero_point == p.slots[p.inputs[0]].zero_point);
}
