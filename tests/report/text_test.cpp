// SPDX-License-Identifier: Apache-2.0
// The terminal table: what it must say, whatever the knobs.
#include "tests/report/samples.h"

#include <catch2/catch.hpp>

#include <sstream>

using namespace sonic;
using namespace sonic::tests;

namespace {

/// The only line of @p text that begins with @p start, else a message.
std::string line_of(const std::string& text, const std::string& start) {
  std::istringstream lines(text);
  std::string found = "no line begins with '" + start + "'";
  std::size_t times = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(start, 0) == 0) {
      found = line;
      ++times;
    }
  }
  return times > 1 ? "several lines begin with '" + start + "'" : found;
}

/// The table whose first line begins with @p title, up to the next empty line.
std::string table_of(const std::string& text, const std::string& title) {
  const auto begin = text.find("\n" + title);
  return begin == std::string::npos ? "" : text.substr(begin + 1, text.find("\n\n", begin) - begin);
}

} // namespace

TEST_CASE("the table's header names the three knobs and what they mean") {
  auto r = sample_report();
  auto text = report::to_text(r);
  CHECK(line_of(text, "  optics") == "  optics        quantised");
  CHECK(line_of(text, "  timing") == "  timing        loosely_timed: exact where nothing contends");
  CHECK_THAT(line_of(text, "  accounting"), Catch::Contains("published: the devices of the paper's table only"));
  CHECK_THAT(line_of(text, "  network"), Catch::Contains("200 parameters, 25.00 % zero"));
  r.accounting = "full";
  CHECK_THAT(line_of(report::to_text(r), "  accounting"), Catch::Contains("full: with memories"));
}

TEST_CASE("the table has a line per layer with its zeros and its check") {
  auto r = sample_report();
  const auto conv1 = [&r] { return line_of(table_of(report::to_text(r), "layer "), "conv1"); };
  const auto conv = conv1();
  CHECK_THAT(conv, Catch::Contains("1.500 us"));
  CHECK_THAT(conv, Catch::Contains("25.0 %")); // weights that are not zero
  CHECK_THAT(conv, Catch::Contains("80.0 %")); // 1600 products of 2 frames x 1000 skipped
  CHECK_THAT(conv, Catch::Contains("2.500 nJ"));
  CHECK_THAT(conv, Catch::EndsWith(" ok"));
  r.layers[0].check.mismatches = 3;
  CHECK_THAT(conv1(), Catch::EndsWith(" 3 wrong"));
  r.layers[0].check.compared = false;
  CHECK_THAT(conv1(), Catch::EndsWith(" -"));
}

TEST_CASE("the table says where the time of each layer went") {
  const auto causes = table_of(report::to_text(sample_report()), "time by cause");
  // Two frames: 1500 ns each for conv1, of which half is conversion.
  const auto conv = line_of(causes, "conv1");
  CHECK_THAT(conv, Catch::Contains("1.500 us") && Catch::Contains("50.0 %") && Catch::Contains("13.3 %") &&
                       Catch::Contains("2.0 %") && Catch::Contains("1.3 %") && Catch::Contains("6.7 %") &&
                       Catch::Contains("23.3 %") && Catch::EndsWith("3.3 %"));
  CHECK_THAT(line_of(causes, "all layers"), Catch::Contains("2.000 us") && Catch::Contains("37.5 %"));
  auto r = sample_report();
  r.timing = "functional";
  CHECK(table_of(report::to_text(r), "time by cause").empty());
}

TEST_CASE("the table's results carry their units") {
  const auto text = report::to_text(sample_report());
  CHECK_THAT(line_of(text, "latency"), Catch::Contains("2.000 us per frame (least 1.900 us, most 2.100 us)"));
  CHECK_THAT(line_of(text, "throughput"), Catch::Contains("500000.0 FPS"));
  CHECK_THAT(line_of(text, "power"), Catch::Contains("0.001 W average (37.113 W"));
  CHECK_THAT(line_of(text, "energy per bit"), Catch::Contains("0.250 pJ over 1e+04 operand bits"));
  CHECK_THAT(line_of(text, "utilisation"), Catch::Contains("CONV array 50.0 %, FC array 0.0 %"));
  CHECK_THAT(line_of(text, "accuracy"),
             Catch::Contains("50.00 % on the chip (95 % confidence: 9.45 to 90.55 %), 100.00 % in float"));
  // Actions and static energy per frame, share of all: 3000 and 1000 of 5000 pJ over two frames.
  CHECK_THAT(line_of(text, "adc"),
             Catch::Contains("1.500 nJ") && Catch::Contains("0.500 nJ") && Catch::Contains("80.0 %"));
}

TEST_CASE("the table says how much of the configuration is estimated") {
  CHECK_THAT(line_of(report::to_text(sample_report()), "provenance"),
             Catch::Contains("2 figures estimated, 1 derived"));
}

TEST_CASE("the table ends with the verdict") {
  auto r = sample_report();
  CHECK(line_of(report::to_text(r), "PASSED") ==
        "PASSED: 2 of 2 frames compared with the reference layer by layer, all codes equal");
  r.tolerance = 1e-5;
  CHECK_THAT(line_of(report::to_text(r), "PASSED"), Catch::EndsWith("all within 1e-05 of each tensor's largest value"));
  r.passed = false;
  r.failure = "layer conv1: 3 of 64 elements differ from the reference";
  const auto text = report::to_text(r);
  CHECK(line_of(text, "FAILED") == "FAILED: layer conv1: 3 of 64 elements differ from the reference");
  CHECK(text.find("PASSED") == std::string::npos);
}

TEST_CASE("functional timing shows no time, power or rate") {
  auto r = sample_report();
  r.timing = "functional";
  const auto text = report::to_text(r);
  CHECK_THAT(line_of(text, "  timing"), Catch::Contains("values only: no time, power or FPS"));
  for (const char* absent : {"\nlatency", "\nthroughput", "\npower", "\nutilisation", "energy per frame"}) {
    INFO(absent);
    CHECK(text.find(absent) == std::string::npos);
  }
}

TEST_CASE("the table names the damage, twenty devices at most") {
  auto r = sample_report();
  const auto few = table_of(report::to_text(r), "damage");
  CHECK(line_of(report::to_text(r), "bit flips") ==
        "bit flips: 0 of weights' bits read, 1e-06 of activations', 0 of partial sums'");
  CHECK(line_of(few, "damage") == "damage: 2 broken devices, policy spare_lanes");
  CHECK(line_of(few, "  conv_array.vdu_3") == "  conv_array.vdu_3.laser_2: dead laser, remapped");
  CHECK(line_of(few, "  fc_array.vdu_0") == "  fc_array.vdu_0.adc_bit_5: stuck adc bit at 1, kept");
  r.damage.faults = {{"fc_array.vdu_1", "heater_4", "detuned_heater", -0.2, "skipped"},
                     {"fc_array.vdu_2", "ring_4", "stuck_ring", 0.5, "unused"},
                     {"fc_array.vdu_3", "detector", "noisy_detector", 10.0, "kept"}};
  const auto others = table_of(report::to_text(r), "damage");
  CHECK(line_of(others, "  fc_array.vdu_1") == "  fc_array.vdu_1.heater_4: detuned heater, -0.2 nm, skipped");
  CHECK(line_of(others, "  fc_array.vdu_2") == "  fc_array.vdu_2.ring_4: stuck ring at 0.5, unused");
  CHECK(line_of(others, "  fc_array.vdu_3") == "  fc_array.vdu_3.detector: noisy detector, 10 times, kept");
  r.damage.faults.assign(20, r.damage.faults.front());
  CHECK(report::to_text(r).find("more: see the report") == std::string::npos);
  r.damage.faults.assign(23, r.damage.faults.front());
  CHECK_THAT(line_of(report::to_text(r), "  and "), Catch::StartsWith("  and 3 more: "));
  r.damage.faults.clear();
  CHECK(table_of(report::to_text(r), "damage").empty());
}
