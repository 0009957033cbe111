// SPDX-License-Identifier: Apache-2.0
// How much noise the chip's conversions have, of constant operands, beside the receiver's equation by hand.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"
#include "tests/support/in_child.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace sonic;
using namespace sonic::tests;

namespace {

workload::tensor filled(const workload::shape& extents, float value) {
  workload::tensor t{extents, {}};
  std::size_t count = 1;
  for (const auto extent : extents) {
    count *= static_cast<std::size_t>(extent);
  }
  t.values.assign(count, value);
  return t;
}

/// The last slot's values, less those of a chip without noise.
std::vector<double> noise_of(const workload::graph& g, const workload::tensor& input, const keys& overrides) {
  const auto outputs = [&](const keys& all) {
    return values_in_child<float>([&] {
      const auto a = chip_with(all);
      const auto found = run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {{input}}), {input});
      return found.values.back().values;
    });
  };
  const auto still = outputs(overrides), noisy = outputs(overrides + keys{"run.optics=physical"});
  std::vector<double> noise;
  for (std::size_t i = 0; i < still.size(); ++i) {
    noise.push_back(static_cast<double>(noisy[i]) - still[i]);
  }
  return noise;
}

double deviation_of(const std::vector<double>& values) {
  double sum = 0.0, squares = 0.0;
  for (const double v : values) {
    sum += v;
    squares += v * v;
  }
  const auto n = static_cast<double>(values.size());
  return std::sqrt(squares / n - sum / n * sum / n);
}

/// Standard deviation of a sum over one lane's full light, of lanes that all carry weight w and activation x, by hand.
/// @param losses_db to one arm; the lasers emit 1.3 mW x 0.15
double by_hand(double losses_db, int lanes, double w, double x, double load_ohm, double rin_per_hz) {
  const double q = 1.602176634e-19, bandwidth = 1.0 / 14e-9 / std::sqrt(2.0);
  const double parked = 0.2; // of a lane's light, at a range of one linewidth: h^2 / ((2 h)^2 + h^2)
  const double lane_a = 1.2 * 1.3e-3 * 0.15 * std::pow(10.0, -losses_db / 10.0); // at resonance
  const double detected_a = lanes * lane_a * x * (w * (1 - parked) + 2 * parked);
  const double shot = 2 * q * (detected_a + 2 * 35e-9);
  const double thermal = 4 * 1.380649e-23 * 300.56 / load_ohm;
  const double signal_a = lane_a * (1 - parked) * w * x;
  const double intensity = rin_per_hz * lanes * signal_a * signal_a;
  return std::sqrt((shot + thermal + intensity) * bandwidth) / (lane_a * (1 - parked));
}

const keys only_noise{"effects.crosstalk=off",        "effects.imprint_steps=off", "effects.converter_nonlinearity=off",
                      "effects.laser_extinction=off", "effects.fabrication=off",   "effects.converter_noise=off",
                      "packing=whole_kernel"};

struct light {
  std::string name;
  keys with;
  double load_ohm, rin_per_hz;
};

/// Each kind of noise in turn is the largest.
const std::vector<light> lights{
    {"thermal noise", {"effects.intensity_noise=off"}, 50.0, 0.0},
    {"shot noise", {"effects.intensity_noise=off", "receiver.load=1000 kohm"}, 1e6, 0.0},
    {"intensity noise", {"devices.vcsel.intensity_noise=-110 dB/Hz"}, 50.0, 1e-11},
};

} // namespace

TEST_CASE("conversions of a convolution are as noisy as the receiver's equation says") {
  // 5 lanes in one block; one bright pixel, and one kernel of ones, so that the others' light is half of full.
  graph_builder b;
  auto weights = filled({16, 5, 1, 1}, 0.5F);
  std::fill_n(weights.values.begin(), 5, 1.0F);
  b.output(b.convolve(b.input({1, 5, 40, 40}), weights));
  auto input = filled({1, 5, 40, 40}, 0.5F);
  for (std::size_t channel = 0; channel < 5; ++channel) {
    input.values[channel * 1600] = 1.0F;
  }
  for (const auto& l : lights) {
    auto noise = noise_of(b.build(), input, only_noise + l.with);
    noise.erase(noise.begin(), noise.begin() + 1600); // the kernel of ones
    const double found = deviation_of(noise), expected = by_hand(5.5678, 5, 0.5, 0.5, l.load_ohm, l.rin_per_hz);
    WARN("CONV, mostly " << l.name << ": deviation " << found << " of a lane's full light, by hand " << expected
                         << ", ratio " << found / expected);
    // 24,000 conversions: their windows overlap in the pool, so that a relative error of 1 / sqrt(2 x 1600) is allowed
    // four times; the bright pixel adds 0.2 % of light.
    CHECK(std::abs(found / expected - 1.0) < 4.0 / std::sqrt(2.0 * 1600.0));
  }
}

TEST_CASE("conversions of a fully connected layer are as noisy as the receiver's equation says") {
  graph_builder b;
  constexpr std::int64_t inputs = 50, outputs = 2000;
  auto weights = filled({inputs, outputs}, 0.5F);
  for (std::int64_t i = 0; i < inputs; ++i) {
    weights.values[static_cast<std::size_t>(i * outputs)] = 1.0F;
  }
  b.output(b.multiply(b.input({1, inputs}), weights));
  auto input = filled({1, inputs}, 0.25F);
  input.values[0] = 1.0F; // the range
  for (const auto& l : lights) {
    auto noise = noise_of(b.build(), input, only_noise + l.with);
    noise.erase(noise.begin());
    const double found = deviation_of(noise);
    // Streaming weights are the light, activations what rings take of it; one lane of 50 is four times the others.
    const auto squared = [](double v) { return v * v; };
    const double q = 1.602176634e-19, bandwidth = 1.0 / 14e-9 / std::sqrt(2.0), parked = 0.2;
    const double lane_a = 1.2 * 1.3e-3 * 0.15 * std::pow(10.0, -0.65353);
    const double stream = 0.5;
    const double detected_a = lane_a * stream * ((49 * 0.25 + 1.0) * (1 - parked) + 50 * 2 * parked);
    const double squares = 49 * squared(0.25 * stream) + squared(stream);
    const double variance = 2 * q * (detected_a + 2 * 35e-9) + 4 * 1.380649e-23 * 300.56 / l.load_ohm +
                            l.rin_per_hz * squared(lane_a * (1 - parked)) * squares;
    const double expected = std::sqrt(variance * bandwidth) / (lane_a * (1 - parked));
    WARN("FC, mostly " << l.name << ": deviation " << found << ", by hand " << expected << ", ratio "
                       << found / expected);
    CHECK(std::abs(found / expected - 1.0) < 4.0 / std::sqrt(2.0 * 2000.0));
  }
}
