// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/reference/calibrate.h"
#include "tb/reference/float_executor.h"
#include "tb/reference/program_executor.h"
#include "tests/support/random_network.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using namespace sonic::tests;
using namespace sonic::reference;

namespace {

numerics quantised() {
  numerics how;
  how.element = element_kind::code16;
  return how;
}

/// Two light-borne layers behind one another.
graph two_layers(random_source& random) {
  graph_builder g;
  const auto y = g.relu(g.convolve(g.input({1, 2, 5, 5}), random.tensor({3, 2, 3, 3}, -1, 1, 0.5)));
  return g.output(g.multiply(g.relabel(y, {1, 27}), random.tensor({27, 4}, -1, 1, 0.5))).build();
}

graph with_metadata(graph network, const std::string& ranges) {
  network.metadata.emplace_back("sonic:ranges", ranges);
  return network;
}

} // namespace

TEST_CASE("ranges span the values of all calibration inputs and zero", "[calibrate]") {
  random_source random(91);
  const graph network = two_layers(random);
  const std::vector<input_set> inputs{random_inputs(network, random), random_inputs(network, random)};
  const auto ranges = find_ranges(network, inputs);
  for (const value_id v : values_with_slots(network)) {
    double low = 0.0;
    double high = 0.0;
    for (const auto& set : inputs) {
      const auto [smallest, largest] = range_of(run_float(network, set)[v]);
      low = std::min(low, static_cast<double>(smallest));
      high = std::max(high, static_cast<double>(largest));
    }
    CHECK(ranges[v].minimum == low);
    CHECK(ranges[v].maximum == high);
  }
}

TEST_CASE("ranges in the metadata come first, missing ones are measured", "[calibrate]") {
  random_source random(92);
  const graph plain = two_layers(random);
  const auto inputs = random_inputs(plain, random);
  const value_id y = plain.outputs[0];
  const graph network = with_metadata(plain, "{\"" + plain.values[y].name + "\": [-3.5, 4], \"nobody\": [0, 1]}");
  const auto ranges = find_ranges(network, {inputs});
  CHECK(ranges[y].minimum == -3.5);
  CHECK(ranges[y].maximum == 4.0);
  const auto measured = find_ranges(plain, {inputs});
  CHECK(ranges[network.inputs[0]].maximum == measured[network.inputs[0]].maximum);
  CHECK_THROWS_WITH(find_ranges(network, {}), Catch::Contains("range is unknown"));
}

TEST_CASE("malformed ranges in the metadata are refused", "[calibrate]") {
  random_source random(93);
  const graph network = two_layers(random);
  const auto inputs = random_inputs(network, random);
  for (const char* text : {"", "{", "[1, 2]", "3", "{\"x0\": 1}", "{\"x0\": [1]}", "{\"x0\": [1, 2, 3]}",
                           "{\"x0\": [\"a\", 2]}", "{\"x0\": [2, 1]}", "{\"x0\": [0, 1e999]}", "{\"x0\": [null, 1]}"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(find_ranges(with_metadata(network, text), {inputs}), Catch::Contains("sonic:ranges"));
  }
}

TEST_CASE("numbers: the ADC's full scale is the largest analog sum of all calibration inputs, times the headroom",
          "[calibrate]") {
  random_source random(94);
  const graph network = two_layers(random);
  const std::vector<input_set> inputs{random_inputs(network, random), random_inputs(network, random)};
  for (const double headroom : {1.0, 1.25}) {
    auto how = quantised();
    how.adc_headroom = headroom;
    const auto p = quantise(network, how, inputs);
    std::vector<float> peaks(p.steps.size(), 0.0F);
    for (const auto& set : inputs) {
      const auto result = run_program(network, p, how, set, true);
      for (std::size_t i = 0; i < peaks.size(); ++i) {
        peaks[i] = std::max(peaks[i], result.analog_peaks[i]);
      }
    }
    for (std::size_t i = 0; i < peaks.size(); ++i) {
      CHECK(peaks[i] > 0.0F);
      CHECK(std::get<step>(p.steps[i]).adc_full_scale == static_cast<float>(static_cast<double>(peaks[i]) * headroom));
    }
  }
}

TEST_CASE("numbers: a layer that sees no light has full scale 1", "[calibrate]") {
  random_source random(95);
  const graph network = two_layers(random);
  input_set dark = random_inputs(network, random);
  std::fill(dark[0].values.begin(), dark[0].values.end(), 0.0F);
  const auto p = quantise(network, quantised(), {dark});
  CHECK(std::get<step>(p.steps[0]).adc_full_scale == 1.0F);
  graph_builder g;
  const graph empty = g.output(g.multiply(g.input({1, 3}), {{3, 2}, std::vector<float>(6, 0.0F)})).build();
  CHECK(std::get<step>(quantise(empty, quantised(), {random_inputs(empty, random)}).steps[0]).adc_full_scale == 1.0F);
}

TEST_CASE("a headroom that is not positive, and no calibration input, are refused", "[calibrate]") {
  random_source random(96);
  const graph network = two_layers(random);
  const auto inputs = random_inputs(network, random);
  for (const double headroom : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    auto how = quantised();
    how.adc_headroom = headroom;
    CHECK_THROWS_WITH(quantise(network, how, {inputs}), Catch::Contains("headroom"));
  }
  CHECK_THROWS_WITH(quantise(network, quantised(), {}), Catch::Contains("calibration input"));
}
