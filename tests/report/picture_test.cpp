// SPDX-License-Identifier: Apache-2.0
// What the pictures of the HTML report are drawn from: power over time, and the roofline.
#include "sonic/config/load.h"
#include "tb/report/accounting.h"
#include "tb/report/frame_view.h"
#include "tb/report/html.h"
#include "tb/report/roofline.h"
#include "tests/report/samples.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>
#include <numeric>

using namespace sonic;
using namespace sonic::tests;
using core::chip_part;

namespace {

/// Two layers: light of two units from 100 to 300 and 150 to 250 ns, a load before, a store after; then a pool.
struct two_layers {
  std::vector<core::timeline_event> events;
  std::vector<core::layer_record> layers{2};

  two_layers() {
    constexpr std::uint64_t begin = 7'000'000;
    const auto add = [&](chip_part part, std::uint32_t unit, std::uint64_t from_ns, std::uint64_t to_ns) {
      events.push_back({part, unit, begin + from_ns * 1000, begin + to_ns * 1000, 1});
    };
    add(chip_part::dma_load, 0, 0, 100);
    add(chip_part::conv_unit, 0, 100, 300);
    add(chip_part::conv_unit, 1, 150, 250);
    add(chip_part::dma_store, 0, 300, 400);
    add(chip_part::layer, 0, 0, 400);
    add(chip_part::post_processor, 0, 500, 600);
    add(chip_part::layer, 0, 400, 800);
    auto& light = layers[0].done;
    light.conv.symbols = 20;
    light.conv.stream_lane_symbols = light.conv.held_lane_symbols = 100;
    light.bytes_loaded = 3000;
    light.bytes_stored = 1000;
    light.post_elements = 10;
    layers[1].done.post_elements = 50;
    layers[1].done.bytes_loaded = 200;
  }
};

} // namespace

TEST_CASE("power over time holds all energy of the layers, where it was spent") {
  for (const std::string accounting : {"published", "full"}) {
    const two_layers two;
    const auto a = config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", {"run.accounting=" + accounting});
    const auto table = report::energy_table(a);
    const double expected_pj = report::energy_of(table, two.layers[0].done, 400.0).total_pj() +
                               report::energy_of(table, two.layers[1].done, 400.0).total_pj();
    for (const std::size_t steps : {1U, 7U, 8U, 400U}) {
      CAPTURE(accounting, steps);
      const auto trace = report::power_over_time(two.events, two.layers, table, steps);
      CHECK(trace.step_ns * static_cast<double>(steps) == Approx(800.0));
      double pj = 0.0;
      for (const auto& part : trace.parts) {
        REQUIRE(part.watts.size() == steps);
        pj += std::accumulate(part.watts.begin(), part.watts.end(), 0.0) * 1e3 * trace.step_ns;
      }
      std::cout << accounting << ", " << steps << " steps: deviation " << std::abs(pj - expected_pj) / expected_pj
                << '\n';
      CHECK(pj == Approx(expected_pj).epsilon(1e-12));
    }
    const auto trace = report::power_over_time(two.events, two.layers, table, 8); // of 100 ns
    const auto& units = trace.parts.at(0).watts;
    CHECK(units[0] == 0.0);
    CHECK(units[1] == Approx(units[2])); // 100 and 50 of 300 ns of unit time in each
    CHECK(units[1] > 0.0);
    CHECK(units[3] == 0.0);
    const auto& memory = trace.parts.at(2).watts;
    CHECK((memory[0] > 0.0) == (accounting == "full"));
    CHECK(memory[0] == Approx(memory[3])); // load and store are as long
    CHECK(memory[1] == 0.0);
    const auto& finishing = trace.parts.at(3).watts;
    CHECK((finishing[5] > 0.0) == (accounting == "full"));
    CHECK(finishing[4] == 0.0);
  }
}

TEST_CASE("a layer is bound by what is least: memory, converters or light") {
  auto r = sample_report();
  r.images = 2;
  r.layers.resize(3);
  for (auto& l : r.layers) {
    l.done = {};
    l.time_ns = 1000.0;
  }
  r.layers[0].done.conv.symbols = 1;
  r.layers[0].done.conv.stream_lane_symbols = 8000; // 4 products a ns, 40 a byte
  r.layers[0].done.bytes_loaded = 200;
  r.layers[1].done.fc.symbols = 1;
  r.layers[1].done.fc.stream_lane_symbols = 2000; // 1 product a ns, 0.25 a byte
  r.layers[1].done.bytes_stored = 8000;
  const auto a = config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", {});
  const auto found = report::roofline_of(a, r);
  REQUIRE(found.points.size() == 2); // the third has no light
  CHECK(found.arrays[0].converters == Approx(50 * 5 / 14.0));
  CHECK(found.arrays[1].converters == Approx(10 * 50 / 14.0));
  CHECK(found.arrays[0].light == Approx(50 * 5 / 0.07));
  CHECK(found.points[0].macs_per_byte == Approx(40.0));
  CHECK(found.points[0].macs_per_ns == Approx(4.0));
  CHECK(found.points[0].attainable_per_ns == Approx(50 * 5 / 14.0));
  CHECK(found.points[0].bound == "converters");
  CHECK(found.points[1].attainable_per_ns == Approx(0.25 * 25.6));
  CHECK(found.points[1].bound == "memory");
  // Converters that take no time: what the light can do.
  const auto fast =
      config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml",
                                {"devices.adc.latency=0.001 ns", "devices.activation_dac.latency=0.001 ns",
                                 "devices.weight_dac.latency=0.001 ns"});
  CHECK(report::roofline_of(fast, r).points[0].bound == "memory");
  r.layers[0].done.bytes_loaded = 2; // the laser sets the interval
  CHECK(report::roofline_of(fast, r).points[0].bound == "light");
  CHECK(report::roofline_of(fast, r).arrays[0].converters == Approx(50 * 5 / 0.07));
}

TEST_CASE("the HTML report carries everything with it, and names cannot leave their place") {
  auto r = sample_report();
  r.network = "</script><script>alert(1)</script> @FRAME@ @ROOF@";
  const auto a = config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", {});
  const two_layers two;
  const auto frame = report::frame_view_json(two.events, two.layers, report::energy_table(a), 10);
  const auto page = report::to_html(r, report::roofline_of(a, r), std::vector<double>(r.layers.size(), 0.5), frame);
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("@import") == std::string::npos);
  CHECK(page.find("<link") == std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("Chart.js v3") != std::string::npos);
  CHECK(page.find("const frame = {\"parts\"") != std::string::npos);
  CHECK(page.find("const roof = {\"memory_gb_per_s\":25.6") != std::string::npos);
  const auto parts = nlohmann::json::parse(frame).at("parts");
  CHECK(parts.at(1).at("name") == "CONV units");
  CHECK(parts.at(1).at("spans_ns") == nlohmann::json::array({{100.0, 300.0}}));
}
