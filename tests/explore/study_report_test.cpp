// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/study_report.h"

#include "tests/report/schema.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <iostream>

using namespace sonic;
using namespace sonic::tests;
using nlohmann::json;

namespace {

explore::task_result result(std::size_t task, double latency_ns, double energy_pj, std::uint64_t correct) {
  return {task, latency_ns, energy_pj, 1e6, 2e6, 50, 30, 10, 10, correct, "", ""};
}

/// Two networks, two timings, a base and three designs: one better, one that loses accuracy, one refused.
command::study_report sample(const scratch_folder& folder) {
  explore::job_file jobs;
  jobs.title = "a < b & c";
  jobs.architecture = "sonic";
  jobs.timings = {"loosely_timed", "approximately_timed"};
  jobs.largest_accuracy_loss = 5;
  jobs.networks = {{"a", "a.onnx", "", "", "", {}, 1, "synthetic images"}, {"b", "b.onnx", "", "", "", {}, 1, "b.npy"}};
  jobs.objectives = {explore::metric::fps_per_watt, explore::metric::latency_ns};
  jobs.largest = {true, false};
  const explore::metric_values estimated{100, 1e7, 1000, 10, 1e9, 1, 1, 50, 30};
  jobs.designs = {{8, {}, estimated, false},
                  {1, {"conv_array.vdus=1"}, estimated, false},
                  {2, {"conv_array.vdus=2"}, estimated, true},
                  {3, {"conv_array.vdus=3"}, estimated, true}};
  explore::result_store store(folder / "results.sqlite");
  std::size_t task = 0;
  const auto add = [&](double ns, double pj, std::uint64_t correct) {
    store.add(result(task, ns, pj, correct), std::to_string(task));
    ++task;
  };
  for (const auto& [ns, pj, correct] : {std::tuple(100.0, 1000.0, 10U), {50.0, 400.0, 8U}, {80.0, 500.0, 10U}}) {
    add(ns, pj, correct); // a, LT
    add(ns * 1.1, pj, correct);
    add(ns, pj, 10); // b, LT
    add(ns * 1.1, pj, 10);
  }
  auto refused = result(task, 0, 0, 0);
  refused.refused = "it does not fit";
  store.add(refused, "last");
  return command::report_of(jobs, store);
}

} // namespace

TEST_CASE("designs are ranked by what was simulated, inaccurate and refused ones last") {
  const scratch_folder folder;
  const auto r = sample(folder);
  CHECK(r.finished == 13);
  REQUIRE(r.lines.size() == 4);
  CHECK(r.lines[0].design.overrides.empty());
  CHECK(r.lines[1].design.number == 2);
  CHECK(r.lines[2].too_inaccurate != r.lines[3].too_inaccurate);
  const auto& better = *r.lines[1].by_timing[0];
  CHECK(value_of(better.values, explore::metric::latency_ns) == Approx(80.0));
  CHECK(value_of(better.values, explore::metric::fps_per_watt) == Approx(1e12 / 500.0));
  CHECK(better.largest_time_gap == Approx(0.25));
  CHECK(better.largest_energy_gap == Approx(1.0));
  const auto& poor = r.lines[2].too_inaccurate ? r.lines[2] : r.lines[3];
  CHECK(poor.design.number == 1);
  CHECK(*poor.accuracy_loss == Approx(20.0)); // of network a; b loses nothing
  const auto& refused = r.lines[2].too_inaccurate ? r.lines[3] : r.lines[2];
  CHECK_FALSE(refused.by_timing[0].has_value());
  const auto text = to_text(r);
  CHECK(text.find("2.000") != std::string::npos);   // 1000 pJ over 500 pJ
  CHECK(text.find("+10.000") != std::string::npos); // AT
  CHECK(text.find("refused: it does not fit") != std::string::npos);
  CHECK(text.find("too inaccurate") != std::string::npos);
  CHECK(to_html(r).find("a &lt; b &amp; c") != std::string::npos);
  CHECK(to_svg(r).find("<svg") != std::string::npos);
}

TEST_CASE("a study's JSON is what its schema describes, and nothing else is") {
  const auto gaps = gaps_of_schema("explore");
  CHECK(gaps.places == std::vector<std::string>{});
  CHECK(gaps.properties > 30);
  const scratch_folder folder;
  const auto good = json::parse(to_json(sample(folder)));
  CHECK(schema_problems(good, "explore") == std::vector<std::string>{});
  std::size_t tried = 0;
  each_object(good, json::json_pointer(), [&](const json::json_pointer& at) {
    auto extra = good;
    extra[at]["undocumented"] = 1;
    INFO("in the object " << at.to_string());
    CHECK_FALSE(schema_problems(extra, "explore").empty());
    for (const auto& item : good[at].items()) {
      INFO("property " << item.key());
      auto missing = good;
      missing[at].erase(item.key());
      CHECK_FALSE(schema_problems(missing, "explore").empty());
      ++tried;
    }
  });
  std::cout << tried << " damaged reports refused\n";
  CHECK(tried > 60);
}
