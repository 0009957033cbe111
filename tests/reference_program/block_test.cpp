// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/program_executor.h"
#include "tb/reference/program_executor_block.h"
#include "tests/support/random_network.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;
using sonic::reference::converter;
using sonic::reference::run_program;

namespace {

/// The ADC as docs/numbers.md words it, by the library's rounding.
std::int32_t adc_code(float sum, float t, float inverse_lsb, float full) {
  const float scaled = (sum * t) * inverse_lsb;
  return static_cast<std::int32_t>(std::nearbyint(std::clamp(scaled, -full, full)));
}

/// One output of a convolution or product: stored weights in order, cut into blocks, summed and converted one by one.
class slow_sum {
public:
  slow_sum(int lanes, float t, float inverse_lsb, float full)
      : lanes_(lanes), t_(t), inverse_lsb_(inverse_lsb), full_(full) {}
  void multiply(float stationary, float stream) {
    const volatile float product = stationary * stream; // volatile: rounded to float32, whatever the compiler does
    const volatile float sum = held_ == 0 ? product : sum_ + product;
    sum_ = sum;
    if (++held_ == lanes_) {
      cut();
    }
  }
  void cut() {
    total_ += held_ == 0 ? 0 : adc_code(sum_, t_, inverse_lsb_, full_);
    held_ = 0;
  }
  [[nodiscard]] std::int64_t total() const { return total_; }

private:
  int lanes_;
  float t_, inverse_lsb_, full_;
  float sum_ = 0.0F;
  int held_ = 0;
  std::int64_t total_ = 0;
};

std::uint16_t finish(std::int64_t acc, const channel_parameters& p, const step& s) {
  const auto v = static_cast<std::int64_t>(std::floor(
      std::ldexp(static_cast<long double>(acc * p.multiplier_a + p.offset), -static_cast<int>(p.shift)) + 0.5L));
  const auto sloped = v < 0 ? static_cast<std::int64_t>(std::floor(
                                  std::ldexp(static_cast<long double>(v * s.negative_slope_q15), -15) + 0.5L))
                            : v;
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(sloped + s.output_zero_point, s.clip_low, s.clip_high));
}

float level(const weight_matrix& w, std::int64_t row, std::int64_t column) {
  const std::int16_t code = w.codes[static_cast<std::size_t>(row * w.columns + column)];
  return code < 0 ? 0.0F : w.codebook[static_cast<std::size_t>(code)];
}

numerics random_numerics(random_source& random) {
  numerics how;
  how.element = element_kind::code16;
  how.activation_bits = static_cast<int>(random.integer(4, 16));
  how.adc_bits = static_cast<int>(random.integer(6, 16));
  how.conv_lanes = static_cast<int>(random.integer(1, 13));
  how.fc_lanes = static_cast<int>(random.integer(1, 60));
  how.slice_packing = random.chance(0.5);
  return how;
}

} // namespace

TEST_CASE("numbers: the ADC rounds ties to even and clamps", "[block]") {
  const converter adc{1.0F, 1.0F, 127.0F};
  CHECK(adc(0.5F) == 0);
  CHECK(adc(1.5F) == 2);
  CHECK(adc(2.5F) == 2);
  CHECK(adc(-0.5F) == 0);
  CHECK(adc(-1.5F) == -2);
  CHECK(adc(-2.5F) == -2);
  CHECK(adc(126.5F) == 126);
  CHECK(adc(1e30F) == 127);
  CHECK(adc(-1e30F) == -127);
}

TEST_CASE("numbers: the ADC's code is that of float32 products in their order", "[block]") {
  const std::uint64_t seed = 81;
  random_source random(seed);
  for (int i = 0; i < 20000; ++i) {
    const auto any = [&] {
      return static_cast<float>(random.real(-1.0, 1.0) * std::pow(10.0, random.real(-3.0, 3.0)));
    };
    const float sum = any();
    const float t = static_cast<float>(random.integer(1, 63)) / 63.0F;
    const float inverse_lsb = std::abs(any());
    CAPTURE(seed, i, sum, t, inverse_lsb);
    CHECK(converter{t, inverse_lsb, 32767.0F}(sum) == adc_code(sum, t, inverse_lsb, 32767.0F));
  }
}

TEST_CASE("numbers: a block adds its lanes one after the other in float32", "[block]") {
  const std::uint64_t seed = 82;
  random_source random(seed);
  for (std::size_t lanes = 1; lanes <= 23; ++lanes) {
    const std::size_t symbols = 37;
    const auto levels = random.tensor({static_cast<std::int64_t>(lanes)}, -1.0, 1.0).values;
    std::vector<std::vector<float>> streams;
    std::vector<const float*> pointers;
    for (std::size_t i = 0; i < lanes; ++i) {
      streams.push_back(random.tensor({37}, 0.0, 65535.0, 0.3).values);
    }
    for (const auto& stream : streams) {
      pointers.push_back(stream.data());
    }
    std::vector<float> sums(symbols);
    sonic::reference::add_block(lanes, levels.data(), pointers.data(), symbols, sums.data());
    for (std::size_t s = 0; s < symbols; ++s) {
      volatile float sum = levels[0] * streams[0][s];
      for (std::size_t i = 1; i < lanes; ++i) {
        const volatile float product = levels[i] * streams[i][s];
        sum = sum + product;
      }
      CAPTURE(seed, lanes, s);
      CHECK(sums[s] == sum);
    }
  }
}

TEST_CASE("the largest magnitude is that of the sums behind the ring, of either sign", "[block]") {
  using sonic::reference::largest_magnitude;
  const std::vector<float> sums{0.5F, -3.0F, -0.0F, 2.0F, 1e-40F};
  CHECK(largest_magnitude(0.5F, sums.data(), sums.size()) == 1.5F);
  CHECK(largest_magnitude(1.0F, sums.data() + 2, 1) == 0.0F);
  CHECK(largest_magnitude(1.0F, sums.data() + 4, 1) == 1e-40F);
  CHECK(largest_magnitude(1.0F, sums.data(), 0) == 0.0F);
}

TEST_CASE("numbers: convolutions are the blocks of their kernels, bit by bit", "[block]") {
  for (std::uint64_t seed = 8300; seed < 8340; ++seed) {
    random_source random(seed);
    const std::int64_t groups = random.integer(1, 2);
    const std::int64_t depth = random.integer(1, 4);
    const std::int64_t kernels = groups * random.integer(1, 4);
    window w = square(random.integer(1, 3), random.integer(1, 2), random.integer(0, 2), random.integer(1, 2));
    graph_builder g;
    const auto x = g.input({2, groups * depth, random.integer(5, 9), seed % 8 == 0 ? 700 : random.integer(5, 9)});
    const auto weights = random.tensor({kernels, depth, w.kernel[0], w.kernel[1]}, -1.0, 1.0, 0.5);
    std::vector<double> gain(static_cast<std::size_t>(kernels));
    std::generate(gain.begin(), gain.end(), [&] { return random.real(-2.0, 2.0); });
    const auto y = g.activate(g.line(g.convolve(x, weights, w, groups), gain, {0.1}), {0.3, -10.0, 0.5});
    const graph network = g.output(y).build();
    const auto how = random_numerics(random);
    const auto inputs = random_inputs(network, random);
    auto p = compile(network, how, std::vector<value_range>(network.values.size(), {-1.0, 1.0}));
    auto& s = std::get<step>(p.steps[0]);
    set_adc_full_scale(s, s.adc_full_scale * static_cast<float>(random.real(0.05, 1.0)), how.adc_bits); // may clip

    const auto result = run_program(network, p, how, inputs);
    const auto& in = p.slots[p.inputs[0]].extents;
    const auto& out = p.slots[p.outputs[0]].extents;
    const auto& codes = result.codes[p.inputs[0]];
    std::size_t index = 0;
    for (std::int64_t i = 0; i < out[0] * out[1] * out[2] * out[3]; ++i, ++index) {
      const std::int64_t column = i % out[3];
      const std::int64_t row = i / out[3] % out[2];
      const std::int64_t kernel = i / (out[3] * out[2]) % out[1];
      const std::int64_t image = i / (out[3] * out[2] * out[1]);
      const auto& channel = s.channels[static_cast<std::size_t>(kernel)];
      const float t = channel.ring_level == 0 ? 1.0F : static_cast<float>(channel.ring_level) / 63.0F;
      slow_sum sum(how.conv_lanes, t, adc_inverse_lsb(s.adc_full_scale, how.adc_bits),
                   static_cast<float>((1 << (how.adc_bits - 1)) - 1));
      for (std::int64_t k = 0; k < s.weights.columns; ++k) {
        const std::int64_t slice = w.kernel[0] * w.kernel[1];
        if (how.slice_packing && k % slice == 0) {
          sum.cut();
        }
        if (const float stationary = level(s.weights, kernel, k); stationary != 0.0F) {
          const std::int64_t c = kernel / (kernels / groups) * depth + k / slice;
          const std::int64_t r = row * w.strides[0] - w.pads_begin[0] + k % slice / w.kernel[1] * w.dilations[0];
          const std::int64_t q = column * w.strides[1] - w.pads_begin[1] + k % w.kernel[1] * w.dilations[1];
          const bool inside = r >= 0 && r < in[2] && q >= 0 && q < in[3];
          const std::int32_t code = inside
                                        ? codes[static_cast<std::size_t>(((image * in[1] + c) * in[2] + r) * in[3] + q)]
                                        : p.slots[p.inputs[0]].zero_point;
          sum.multiply(stationary, static_cast<float>(code));
        }
      }
      sum.cut();
      CAPTURE(seed, i);
      REQUIRE(result.codes[p.outputs[0]][index] == finish(sum.total(), channel, s));
    }
  }
}

namespace {

/// Runs a product of random numbers and compares each output with the slow sum.
void check_product(random_source& random, std::int64_t features, std::int64_t neurons, const numerics& how) {
  graph_builder g;
  const auto y = g.multiply(g.input({3, features}), random.tensor({features, neurons}, -1.0, 1.0, 0.5));
  const graph network = g.output(g.relu(y)).build();
  const auto inputs = random_inputs(network, random);
  const double low = random.chance(0.5) ? 0.0 : -1.0; // with 0, negative inputs become code 0
  auto p = compile(network, how, std::vector<value_range>(network.values.size(), {low, 1.0}));
  auto& s = std::get<step>(p.steps[0]);
  set_adc_full_scale(s, s.adc_full_scale * static_cast<float>(random.real(0.01, 0.5)), how.adc_bits);
  const auto result = run_program(network, p, how, inputs);
  for (std::int64_t row = 0; row < 3; ++row) {
    for (std::int64_t neuron = 0; neuron < neurons; ++neuron) {
      slow_sum sum(how.fc_lanes, 1.0F, adc_inverse_lsb(s.adc_full_scale, how.adc_bits),
                   static_cast<float>((1 << (how.adc_bits - 1)) - 1));
      for (std::int64_t k = 0; k < features; ++k) {
        if (const auto code = result.codes[p.inputs[0]][static_cast<std::size_t>(row * features + k)]; code != 0) {
          sum.multiply(static_cast<float>(code), level(s.weights, k, neuron));
        }
      }
      sum.cut();
      CAPTURE(row, neuron);
      REQUIRE(result.codes[p.outputs[0]][static_cast<std::size_t>(row * neurons + neuron)] ==
              finish(sum.total(), s.channels[static_cast<std::size_t>(neuron)], s));
    }
  }
}

} // namespace

TEST_CASE("numbers: products delete zero codes before they are cut into blocks, bit by bit", "[block]") {
  for (std::uint64_t seed = 8400; seed < 8440; ++seed) {
    CAPTURE(seed);
    random_source random(seed);
    const std::int64_t features = random.integer(1, 200);
    const std::int64_t neurons = random.integer(1, 40);
    check_product(random, features, neurons, random_numerics(random));
  }
}

TEST_CASE("numbers: a product of many neurons is that of each, bit by bit", "[block]") {
  random_source random(8440);
  auto how = random_numerics(random);
  how.fc_lanes = 64;
  check_product(random, 150, 2500, how); // more than the executor takes at once
}
