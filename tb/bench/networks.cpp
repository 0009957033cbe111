// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/networks.h"

#include <cmath>
#include <limits>
#include <random>
#include <utility>

namespace sonic::bench {

namespace {

using namespace workload;

/// Whether the weights of a layer are all different or share a few values, as those of a trained network here do.
enum class weight_values { different, shared };

/// A chain of layers.
class chain {
public:
  chain(const shape& input, double density, std::uint64_t seed, weight_values values = weight_values::different)
      : random_(seed), density_(density), values_(values) {
    graph_.values.push_back({"image", input, std::nullopt});
    graph_.inputs = {0};
  }

  void convolve(std::int64_t channels) {
    const auto in = graph_.values[last_].extents;
    window same;
    same.kernel = {3, 3};
    same.pads_begin = same.pads_end = {1, 1};
    const auto w = weights({channels, in[1], 3, 3}, in[1] * 9);
    append("conv", convolution{same, 1}, {last_, w}, {in[0], channels, in[2], in[3]});
    relu();
  }

  void pool2() {
    const auto in = graph_.values[last_].extents;
    window half;
    half.kernel = half.strides = {2, 2};
    append("pool", pool{pool_kind::maximum, half, false}, {last_}, {in[0], in[1], in[2] / 2, in[3] / 2});
  }

  void flatten() {
    const auto in = graph_.values[last_].extents;
    append("flatten", relabel{}, {last_}, {in[0], in[1] * in[2] * in[3]});
  }

  void connect(std::int64_t neurons) {
    const auto in = graph_.values[last_].extents;
    const auto w = weights({in[1], neurons}, in[1]);
    append("fc", matrix_multiply{}, {last_, w}, {in[0], neurons});
  }

  void relu() {
    const auto infinity = std::numeric_limits<double>::infinity();
    append("relu", activation{0.0, 0.0, infinity}, {last_}, shape(graph_.values[last_].extents));
  }

  graph take() {
    graph_.outputs = {last_};
    return std::move(graph_);
  }

private:
  value_id weights(const shape& extents, std::int64_t fan_in) {
    const float deviation = std::sqrt(2.0F / static_cast<float>(fan_in));
    std::normal_distribution<float> number(0.0F, deviation);
    constexpr int levels = 31; // on either side of zero
    std::uniform_int_distribution<int> level(1, 2 * levels);
    const auto draw = [&] {
      if (values_ == weight_values::different) {
        return number(random_);
      }
      const int chosen = level(random_);
      return static_cast<float>(chosen > levels ? levels - chosen : chosen) * deviation / levels;
    };
    std::bernoulli_distribution kept(density_);
    tensor t{extents, {}};
    const auto count = element_count(extents, "weights");
    t.values.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      t.values.push_back(kept(random_) ? draw() : 0.0F);
    }
    graph_.values.push_back({"w" + std::to_string(graph_.values.size()), extents, std::move(t)});
    return graph_.values.size() - 1;
  }

  void append(const char* type, operation op, std::vector<value_id> inputs, const shape& extents) {
    const std::string name = type + std::to_string(graph_.nodes.size());
    graph_.values.push_back({name, extents, std::nullopt});
    last_ = graph_.values.size() - 1;
    graph_.nodes.push_back({name, type, std::move(op), std::move(inputs), last_});
  }

  std::mt19937_64 random_;
  double density_;
  weight_values values_;
  graph graph_;
  value_id last_ = 0;
};

} // namespace

graph cifar10_network(double density, std::uint64_t seed) {
  chain c({1, 3, 32, 32}, density, seed);
  for (const std::int64_t channels : {32, 64, 128}) {
    c.convolve(channels);
    c.convolve(channels);
    c.pool2();
  }
  c.flatten();
  c.connect(128);
  c.relu();
  c.connect(10);
  return c.take();
}

graph convolution_layer(std::int64_t channels, std::int64_t extent, double density, std::uint64_t seed) {
  chain c({1, channels, extent, extent}, density, seed, weight_values::shared);
  c.convolve(channels);
  return c.take();
}

graph connected_layer(std::int64_t width, double density, std::uint64_t seed) {
  chain c({1, width}, density, seed, weight_values::shared);
  c.connect(width);
  c.relu();
  return c.take();
}

tensor cifar10_image(std::uint64_t seed) {
  return random_input({1, 3, 32, 32}, seed);
}

tensor random_input(const shape& extents, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> number(0.0F, 1.0F);
  tensor t{extents, std::vector<float>(static_cast<std::size_t>(element_count(extents, "input")))};
  for (auto& v : t.values) {
    v = number(random);
  }
  return t;
}

} // namespace sonic::bench
