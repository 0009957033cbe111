// SPDX-License-Identifier: Apache-2.0
// The float executor against loops written straight from the definitions, one output at a time.
#include "tb/reference/float_executor.h"

#include "sonic/core/error.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace sonic::workload;
using sonic::reference::run_float;
using sonic::reference::run_float_outputs;

namespace {

class dice {
public:
  explicit dice(unsigned seed) : engine_(seed) {}
  std::int64_t from(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  /// About a third of the values is zero.
  tensor values(const shape& extents) {
    tensor data{extents, {}};
    data.values.resize(static_cast<std::size_t>(element_count(extents, "test")));
    for (float& value : data.values) {
      value = from(0, 2) == 0 ? 0.0F : std::uniform_real_distribution<float>(-2, 2)(engine_);
    }
    return data;
  }

private:
  std::mt19937 engine_;
};

/// A graph of one operation; constants follow the one computed input.
graph one(const operation& op, const shape& input, const std::vector<tensor>& constants, const shape& output) {
  graph network;
  network.name = "one";
  network.values.push_back({"x", input, std::nullopt});
  network.inputs = {0};
  node only{"node", "", op, {0}, 0};
  for (const tensor& constant : constants) {
    only.inputs.push_back(network.values.size());
    network.values.push_back({"c", constant.extents, constant});
  }
  only.output = network.values.size();
  network.values.push_back({"y", output, std::nullopt});
  network.outputs = {only.output};
  network.nodes.push_back(only);
  return network;
}

float at(const tensor& data, std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
  const shape& e = data.extents;
  return data.values[static_cast<std::size_t>(((n * e[1] + c) * e[2] + h) * e[3] + w)];
}

window random_window(dice& random) {
  window w;
  for (std::size_t i = 0; i < 2; ++i) {
    w.kernel[i] = random.from(1, 4);
    w.strides[i] = random.from(1, 3);
    w.dilations[i] = random.from(1, 2);
    w.pads_begin[i] = random.from(0, w.kernel[i] - 1);
    w.pads_end[i] = random.from(0, w.kernel[i] - 1);
  }
  return w;
}

std::int64_t positions(const window& w, std::size_t axis, std::int64_t extent) {
  return (extent + w.pads_begin[axis] + w.pads_end[axis] - w.dilations[axis] * (w.kernel[axis] - 1) - 1) /
             w.strides[axis] +
         1;
}

} // namespace

TEST_CASE("Convolution equals its definition, bit for bit", "[float]") {
  const unsigned seed = GENERATE(range(0U, 60U));
  CAPTURE(seed);
  dice random(seed);
  const std::int64_t groups = random.from(1, 3);
  const std::int64_t depth = random.from(1, 3);
  const window w = random_window(random);
  const tensor x = random.values({random.from(1, 3), groups * depth, random.from(8, 13), random.from(8, 40)});
  const tensor weights = random.values({groups * random.from(1, 3), depth, w.kernel[0], w.kernel[1]});
  const tensor bias = random.values({weights.extents[0]});
  const shape output{x.extents[0], weights.extents[0], positions(w, 0, x.extents[2]), positions(w, 1, x.extents[3])};
  const tensor y = run_float(one(convolution{w, groups}, x.extents, {weights, bias}, output), {x}).back();
  REQUIRE(y.extents == output);
  for (std::int64_t n = 0; n < output[0]; ++n) {
    for (std::int64_t m = 0; m < output[1]; ++m) {
      for (std::int64_t oh = 0; oh < output[2]; ++oh) {
        for (std::int64_t ow = 0; ow < output[3]; ++ow) {
          double sum = 0.0;
          for (std::int64_t c = 0; c < depth; ++c) {
            for (std::int64_t kh = 0; kh < w.kernel[0]; ++kh) {
              for (std::int64_t kw = 0; kw < w.kernel[1]; ++kw) {
                const std::int64_t ih = oh * w.strides[0] + kh * w.dilations[0] - w.pads_begin[0];
                const std::int64_t iw = ow * w.strides[1] + kw * w.dilations[1] - w.pads_begin[1];
                if (ih >= 0 && ih < x.extents[2] && iw >= 0 && iw < x.extents[3]) {
                  const std::int64_t channel = m / (output[1] / groups) * depth + c;
                  sum +=
                      static_cast<double>(at(weights, m, c, kh, kw)) * static_cast<double>(at(x, n, channel, ih, iw));
                }
              }
            }
          }
          const auto expected = static_cast<float>(sum + static_cast<double>(bias.values[static_cast<std::size_t>(m)]));
          if (at(y, n, m, oh, ow) != expected) {
            FAIL("output " << n << ' ' << m << ' ' << oh << ' ' << ow << ": " << at(y, n, m, oh, ow) << " instead of "
                           << expected);
          }
        }
      }
    }
  }
}

TEST_CASE("A convolution too large for one patch is computed in strips", "[float]") {
  dice random(1);
  window w;
  w.kernel = {3, 3};
  w.pads_begin = w.pads_end = {1, 1};
  const tensor x = random.values({1, 64, 40, 40}); // 576 x 1600 doubles exceed the patch
  tensor weights{{1, 64, 3, 3}, std::vector<float>(576, 0.0F)};
  weights.values[4 * 9 + 0] = 1.0F; // channel 4, one up and one left
  const tensor y = run_float(one(convolution{w, 1}, x.extents, {weights}, {1, 1, 40, 40}), {x}).back();
  for (std::int64_t h = 0; h < 40; ++h) {
    for (std::int64_t v = 0; v < 40; ++v) {
      REQUIRE(at(y, 0, 0, h, v) == (h > 0 && v > 0 ? at(x, 0, 4, h - 1, v - 1) : 0.0F));
    }
  }
}

TEST_CASE("Matrix product equals its definition, bit for bit", "[float]") {
  const unsigned seed = GENERATE(range(0U, 20U));
  CAPTURE(seed);
  dice random(seed);
  const std::int64_t rows = random.from(1, 4), depth = random.from(1, 50), columns = random.from(1, 20);
  const tensor x = random.values({rows, depth});
  const tensor weights = random.values({depth, columns});
  const tensor bias = random.values({columns});
  const tensor y = run_float(one(matrix_multiply{}, x.extents, {weights, bias}, {rows, columns}), {x}).back();
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    double sum = 0.0;
    for (std::int64_t k = 0; k < depth; ++k) {
      sum += static_cast<double>(x.values[static_cast<std::size_t>(i / columns * depth + k)]) *
             static_cast<double>(weights.values[static_cast<std::size_t>(k * columns + i % columns)]);
    }
    const auto expected =
        static_cast<float>(sum + static_cast<double>(bias.values[static_cast<std::size_t>(i % columns)]));
    CHECK(y.values[static_cast<std::size_t>(i)] == expected);
  }
}

TEST_CASE("Pools equal their definition", "[float]") {
  const unsigned seed = GENERATE(range(0U, 40U));
  const pool_kind kind = GENERATE(pool_kind::maximum, pool_kind::average);
  const bool include = GENERATE(false, true);
  CAPTURE(seed, include);
  dice random(seed);
  window w = random_window(random);
  w.dilations = kind == pool_kind::average ? extent_2d{1, 1} : w.dilations;
  const tensor x = random.values({random.from(1, 2), random.from(1, 3), random.from(8, 12), random.from(8, 12)});
  const shape output{x.extents[0], x.extents[1], positions(w, 0, x.extents[2]), positions(w, 1, x.extents[3])};
  const tensor y = run_float(one(pool{kind, w, include}, x.extents, {}, output), {x}).back();
  std::size_t index = 0;
  for (std::int64_t plane = 0; plane < output[0] * output[1]; ++plane) {
    for (std::int64_t oh = 0; oh < output[2]; ++oh) {
      for (std::int64_t ow = 0; ow < output[3]; ++ow) {
        std::vector<double> cells;
        for (std::int64_t k = 0; k < w.kernel[0] * w.kernel[1]; ++k) {
          const std::int64_t ih = oh * w.strides[0] + k / w.kernel[1] * w.dilations[0] - w.pads_begin[0];
          const std::int64_t iw = ow * w.strides[1] + k % w.kernel[1] * w.dilations[1] - w.pads_begin[1];
          if (ih >= 0 && ih < x.extents[2] && iw >= 0 && iw < x.extents[3]) {
            cells.push_back(static_cast<double>(at(x, plane / output[1], plane % output[1], ih, iw)));
          }
        }
        double expected = *std::max_element(cells.begin(), cells.end());
        if (kind == pool_kind::average) {
          const auto divisor =
              include ? static_cast<double>(w.kernel[0] * w.kernel[1]) : static_cast<double>(cells.size());
          expected = std::accumulate(cells.begin(), cells.end(), 0.0) / divisor;
        }
        CHECK(y.values[index++] == static_cast<float>(expected));
      }
    }
  }
}

TEST_CASE("Transpose and pad undo themselves", "[float]") {
  const unsigned seed = GENERATE(range(0U, 20U));
  CAPTURE(seed);
  dice random(seed);
  const tensor x = random.values({random.from(1, 4), random.from(1, 4), random.from(1, 4), random.from(1, 4)});
  std::vector<std::int64_t> order{0, 1, 2, 3};
  std::shuffle(order.begin(), order.end(), std::mt19937(seed));
  std::vector<std::int64_t> inverse(4);
  shape turned(4);
  for (std::size_t i = 0; i < 4; ++i) {
    inverse[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    turned[i] = x.extents[static_cast<std::size_t>(order[i])];
  }
  const tensor there = run_float(one(transpose{order}, x.extents, {}, turned), {x}).back();
  CHECK(run_float(one(transpose{inverse}, turned, {}, x.extents), {there}).back().values == x.values);

  pad grow{{}, {}, 7.0};
  pad crop{{}, {}, 0.0};
  shape grown = x.extents;
  double cells = 1;
  for (std::size_t i = 0; i < 4; ++i) {
    grow.begin.push_back(random.from(0, 2));
    grow.end.push_back(random.from(0, 2));
    crop.begin.push_back(-grow.begin[i]);
    crop.end.push_back(-grow.end[i]);
    grown[i] += grow.begin[i] + grow.end[i];
    cells *= static_cast<double>(grown[i]);
  }
  const tensor large = run_float(one(grow, x.extents, {}, grown), {x}).back();
  CHECK(run_float(one(crop, grown, {}, x.extents), {large}).back().values == x.values);
  const double sum = std::accumulate(large.values.begin(), large.values.end(), 0.0);
  const double kept = std::accumulate(x.values.begin(), x.values.end(), 0.0);
  CHECK(sum - kept == Approx(7.0 * (cells - static_cast<double>(x.values.size()))));
}

TEST_CASE("Softmax sums to one, stays finite for large inputs, and its logarithm agrees", "[float]") {
  const tensor x{{2, 3}, {1000, 999, -1000, -5, 0, 5}};
  const tensor y = run_float(one(softmax{1, 1, false}, {2, 3}, {}, {2, 3}), {x}).back();
  const tensor log_y = run_float(one(softmax{1, 1, true}, {2, 3}, {}, {2, 3}), {x}).back();
  CHECK(y.values[0] + y.values[1] + y.values[2] == Approx(1.0));
  CHECK(y.values[0] == Approx(1.0 / (1.0 + std::exp(-1.0))));
  CHECK(log_y.values[2] == Approx(-2000.0 - std::log1p(std::exp(-1.0))));
  for (std::size_t i = 3; i < 6; ++i) {
    CHECK(std::log(y.values[i]) == Approx(log_y.values[i]).margin(1e-6));
  }
}

TEST_CASE("Constants stay empty, wrong inputs are refused", "[float]") {
  const graph network = one(add{}, {2}, {{{2}, {1, 2}}}, {2});
  const std::vector<tensor> values = run_float(network, {{{2}, {10, 20}}});
  CHECK(values[1].values.empty());
  CHECK(values[2].values == std::vector<float>{11, 22});
  CHECK_THROWS_WITH(run_float(network, {}), "one: it was given 0 inputs; it has 1");
  CHECK_THROWS_WITH(run_float(network, {{{1, 2}, {1, 2}}}), "input 'x': its shape is 1x2; the network needs 2");
}

TEST_CASE("Ranges", "[float]") {
  CHECK(range_of({{3}, {1, -2, 0}}) == std::pair(-2.0F, 1.0F));
  CHECK(range_of({}) == std::pair(0.0F, 0.0F));
}

TEST_CASE("the outputs alone are those of the whole run, read inside or given out twice", "[float]") {
  graph network;
  network.name = "chain";
  for (const char* name : {"x", "a", "b", "c"}) {
    network.values.push_back({name, {1, 2}, std::nullopt});
  }
  network.inputs = {0};
  network.nodes = {
      {"n0", "", activation{0.5, -9.0, 9.0}, {0}, 1}, {"n1", "", add{}, {1, 1}, 2}, {"n2", "", add{}, {2, 1}, 3}};
  network.outputs = {1, 3, 1};
  const std::vector<tensor> inputs{{{1, 2}, {-2.0F, 3.0F}}};
  const auto outputs = run_float_outputs(network, inputs);
  REQUIRE(outputs.size() == 3);
  CHECK(outputs[0].values == std::vector<float>{-1.0F, 3.0F});
  CHECK(outputs[1].values == std::vector<float>{-3.0F, 9.0F});
  CHECK(outputs[2].values == outputs[0].values);
  CHECK(run_float(network, inputs)[3].values == outputs[1].values);
}
