// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/workload/compile.h"
#include "tests/support/graph_builder.h"

#include <cmath>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;

namespace {

const std::vector<double> gains{0.5, -2.0, 0.001, 1.0};

program normalised_convolution(const numerics& how) {
  graph_builder g;
  const auto y = g.convolve(g.input({1, 2, 4, 4}), random_source(61).tensor({4, 2, 3, 3}, -1, 1));
  const graph network = g.output(g.line(y, gains, {0.0})).build();
  return compile(network, how, std::vector<value_range>(network.values.size(), {-1.0, 1.0}));
}

const step& only_step(const program& p) {
  return std::get<step>(p.steps.at(0));
}

numerics quantised() {
  numerics how;
  how.element = element_kind::code16;
  return how;
}

} // namespace

TEST_CASE("numbers: the ring takes the magnitude of a batch normalisation's scale, at least level 1", "[light]") {
  const auto p = normalised_convolution(quantised());
  const auto& s = only_step(p);
  const std::vector<std::uint32_t> levels{16, 63, 1, 32}; // 15.75, 63, 0.03, 31.5 (half to even)
  for (std::size_t c = 0; c < 4; ++c) {
    CHECK(s.channels[c].ring_level == levels[c]);
  }
}

TEST_CASE("numbers: sign and remainder of the scale are exact in the multiplier", "[light]") {
  const auto on_ring = normalised_convolution(quantised());
  auto how = quantised();
  how.ring_batch_norm = false;
  const auto electronic = normalised_convolution(how);
  for (std::size_t c = 0; c < 4; ++c) {
    const auto& a = only_step(on_ring).channels[c];
    const auto& b = only_step(electronic).channels[c];
    CHECK(b.ring_level == 0);
    const double transmission = static_cast<double>(static_cast<float>(a.ring_level) / 63.0F);
    CHECK(a.exact_a * transmission == Approx(b.exact_a).epsilon(1e-12));
    CHECK(a.exact_offset == Approx(b.exact_offset).epsilon(1e-12));
    CHECK(std::signbit(a.exact_a) == std::signbit(gains[c]));
  }
}

TEST_CASE("numbers: no ring without a batch normalisation, and none in a fully connected layer", "[light]") {
  graph_builder g;
  random_source random(62);
  const auto y = g.convolve(g.input({1, 2, 4, 4}), random.tensor({4, 2, 3, 3}, -1, 1), {}, 1, {1.0F, 1.0F, 2.0F, 3.0F});
  const auto z = g.line(g.multiply(g.relabel(y, {1, 16}), random.tensor({16, 3}, -1, 1)), {1.0, 2.0, 3.0}, {0.0});
  const graph network = g.output(z).build();
  const auto p = compile(network, quantised(), std::vector<value_range>(network.values.size(), {-1.0, 1.0}));
  REQUIRE(p.steps.size() == 2);
  for (const auto& work : p.steps) {
    for (const auto& channel : std::get<step>(work).channels) {
      CHECK(channel.ring_level == 0);
    }
  }
}

TEST_CASE("numbers: padding feeds the input's zero point", "[light]") {
  graph_builder g;
  const auto y = g.convolve(g.input({1, 2, 4, 4}), random_source(63).tensor({4, 2, 3, 3}, -1, 1), square(3, 1, 1));
  const graph network = g.output(y).build();
  const auto p = compile(network, quantised(), std::vector<value_range>(network.values.size(), {-1.0, 1.0}));
  CHECK(p.slots[p.inputs[0]].zero_point == 32768);
  CHECK(only_step(p).pad_code == 32768);
}

TEST_CASE("numbers: the ADC's inverse step is the rounded quotient of full code and full scale", "[light]") {
  CHECK(adc_inverse_lsb(3.0F, 16) == static_cast<float>(32767.0 / 3.0));
  CHECK(adc_inverse_lsb(1.0F, 8) == 127.0F);
}

TEST_CASE("numbers: multipliers follow the ADC's full scale", "[light]") {
  auto p = normalised_convolution(quantised());
  auto& s = std::get<step>(p.steps[0]);
  for (const float full_scale : {1000.0F, 123456.0F}) {
    set_adc_full_scale(s, full_scale, 16);
    for (const auto& c : s.channels) {
      const double multiplier = std::ldexp(static_cast<double>(c.multiplier_a), -static_cast<int>(c.shift));
      const double expected = c.exact_a / static_cast<double>(adc_inverse_lsb(full_scale, 16));
      CHECK(multiplier == Approx(expected).epsilon(1e-6));
    }
  }
}

TEST_CASE("numbers: more than 65,535 blocks per output are refused", "[light]") {
  const auto product = [](std::int64_t features) {
    graph_builder g;
    const graph network =
        g.output(g.multiply(g.input({1, features}),
                            {{features, 1}, std::vector<float>(static_cast<std::size_t>(features), 1.0F)}))
            .build();
    auto how = quantised();
    how.fc_lanes = 1;
    return compile(network, how, std::vector<value_range>(network.values.size(), {0.0, 1.0}));
  };
  CHECK_NOTHROW(product(65535));
  CHECK_THROWS_WITH(product(65536), Catch::Contains("65536 partial sums"));

  const auto kernel = [](bool slice_packing) {
    graph_builder g;
    tensor weights{{1, 40000, 1, 2}, std::vector<float>(80000, 1.0F)};
    const graph network = g.output(g.convolve(g.input({1, 40000, 1, 2}), weights)).build();
    auto how = quantised();
    how.conv_lanes = 1;
    how.slice_packing = slice_packing;
    return compile(network, how, std::vector<value_range>(network.values.size(), {0.0, 1.0}));
  };
  CHECK_THROWS_WITH(kernel(true), Catch::Contains("80000 partial sums"));
  CHECK_THROWS_WITH(kernel(false), Catch::Contains("80000 partial sums"));
}
