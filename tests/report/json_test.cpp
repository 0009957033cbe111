// SPDX-License-Identifier: Apache-2.0
// The report as JSON against docs/report.schema.json, and the schema against itself.
#include "tests/report/samples.h"
#include "tests/report/schema.h"

#include <catch2/catch.hpp>

#include <iostream>

using namespace sonic;
using namespace sonic::tests;
using nlohmann::json;

namespace {

constexpr std::uint64_t first_seed = 20260201;

} // namespace

TEST_CASE("every property of the report's schema has a description with unit and level, and objects are closed") {
  CHECK(report_schema()["$schema"] == "http://json-schema.org/draft-07/schema#");
  const auto gaps = gaps_of_schema("report");
  CHECK(gaps.places == std::vector<std::string>{});
  std::cout << gaps.properties << " properties described\n";
  CHECK(gaps.properties > 60);
}

TEST_CASE("a report made by hand is valid and says what the report says") {
  const auto j = json::parse(report::to_json(sample_report()));
  CHECK(schema_problems(j) == std::vector<std::string>{});
  CHECK(j["latency_ns"]["mean"] == 2000.0);
  CHECK(j["verdict"]["passed"] == true);
  CHECK(j["layers"].size() == 2);
  CHECK(j["layers"][0]["conv"]["gated_lane_symbols"] == 100);
  CHECK(j["energy"][1]["static_pj"] == 1000.0);
  CHECK(j["latency_ns"]["least"] == 1900.0);
  CHECK(j["dataset"] == "mnist");
  CHECK(j["layers"][0]["zero_inputs"] == 0.25);
  CHECK(j["layers"][1]["zero_inputs"] == 0.0); // no input was seen
  CHECK(j["classification"]["agreeing"] == 1);
  CHECK(j["classification"]["confusion"] == json({{1, 1}, {0, 0}}));
  CHECK(j["damage"]["policy"] == "spare_lanes");
  CHECK(j["damage"]["faults"][1]["device"] == "adc_bit_5");
  CHECK(j["damage"]["faults"][0]["outcome"] == "remapped");
  CHECK(j["estimates"][0]["kind"] == "estimated");
}

TEST_CASE("random reports are valid, and counts survive to the last digit") {
  for (std::uint64_t seed = first_seed; seed < first_seed + 200; ++seed) {
    CAPTURE(seed);
    const auto r = random_report(seed);
    const auto j = json::parse(report::to_json(r));
    CHECK(schema_problems(j) == std::vector<std::string>{});
    CHECK(j["seed"].get<std::uint64_t>() == r.seed);
    CHECK(j["energy_pj"]["mean"].get<double>() == r.energy_pj.mean);
    CHECK(j["energy_pj"]["percentiles"]["95"].get<double>() == r.energy_pj.percentiles[4]);
    CHECK(j.contains("classification") == r.classified);
    REQUIRE(j["layers"].size() == r.layers.size());
    for (std::size_t i = 0; i < r.layers.size(); ++i) {
      CHECK(j["layers"][i]["fc"]["symbols"].get<std::uint64_t>() == r.layers[i].done.fc.symbols);
      CHECK(j["layers"][i]["name"].get<std::string>() == r.layers[i].name);
    }
  }
}

TEST_CASE("a missing, a renamed or an extra property anywhere makes a report invalid") {
  const auto good = json::parse(report::to_json(sample_report()));
  std::size_t tried = 0;
  each_object(good, json::json_pointer(), [&](const json::json_pointer& at) {
    auto extra = good;
    extra[at]["undocumented"] = 1;
    INFO("in the object " << at.to_string());
    CHECK_FALSE(schema_problems(extra).empty());
    ++tried;
    for (const auto& item : good[at].items()) {
      if (at.empty() && (item.key() == "classification" || item.key() == "dataset")) {
        continue; // only labelled runs have the one, only test sets the other
      }
      INFO("property " << item.key());
      auto missing = good;
      missing[at].erase(item.key());
      CHECK_FALSE(schema_problems(missing).empty());
      auto renamed = missing;
      renamed[at][item.key() + "_"] = item.value();
      CHECK_FALSE(schema_problems(renamed).empty());
      tried += 2;
    }
  });
  std::cout << tried << " damaged reports refused\n";
  CHECK(tried > 100);
}

TEST_CASE("a value of a wrong type, word or sign makes a report invalid") {
  const auto good = json::parse(report::to_json(sample_report()));
  const std::pair<const char*, json> wrong[] = {{"/format", "sonic-run-2"},
                                                {"/timing", "loose"},
                                                {"/seed", -1},
                                                {"/latency_ns/mean", "2 us"},
                                                {"/frames", 1.5},
                                                {"/verdict/passed", 1},
                                                {"/layers", json::object()},
                                                {"/power_w", nullptr},
                                                {"/estimates/0/kind", "guessed"},
                                                {"/damage/policy", "hope"},
                                                {"/damage/faults/0/unit", "vdu_3"},
                                                {"/damage/faults/0/device", "laser"},
                                                {"/damage/faults/0/kind", "bent"},
                                                {"/layers/0/operation", "gemm"},
                                                {"/layers/0/fc/steps", -3},
                                                {"/layers/0/nonzero_weights", 1.5}};
  for (const auto& [where, value] : wrong) {
    INFO(where << " = " << value.dump());
    auto bad = good;
    bad[json::json_pointer(where)] = value;
    CHECK_FALSE(schema_problems(bad).empty());
  }
}
