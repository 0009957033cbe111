// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/job_file.h"

#include "sonic/core/error.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <set>
#include <tuple>

using namespace sonic;
using explore::job_file;

namespace {

job_file example() {
  job_file jobs;
  jobs.title = "a \"title\"";
  jobs.architecture = "sonic";
  jobs.study = "title: x\n";
  jobs.overrides = {"run.accounting=full"};
  jobs.timings = {"loosely_timed", "approximately_timed"};
  jobs.frames = 3;
  jobs.largest_accuracy_loss = 0.5;
  jobs.networks = {{"a", "a.onnx", "mnist", "data", "", {}, 0, "mnist test images"},
                   {"b", "b.onnx", "", "", "l.gz", {"x=b.npy"}, 0, "b.npy"},
                   {"c", "c.onnx", "", "", "", {}, 9, "synthetic images"}};
  jobs.objectives = {explore::metric::fps_per_watt, explore::metric::area_mm2};
  jobs.largest = {true, false};
  jobs.search = "all";
  jobs.evaluations = 12;
  jobs.designs = {{100, {}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, false}, {7, {"conv_array.vdus=3"}, {1e-300, 2, 3}, true}};
  return jobs;
}

} // namespace

TEST_CASE("a job file survives as it is") {
  const tests::scratch_folder folder;
  const auto first = folder.path() / "jobs.json";
  explore::write_job_file(first, example());
  const auto back = explore::read_job_file(first);
  CHECK(back.designs[1].estimated == example().designs[1].estimated);
  CHECK(back.networks[2].synthetic_seed == 9);
  CHECK(back.objectives == example().objectives);
  explore::write_job_file(folder.path() / "again.json", back);
  CHECK(tests::scratch_folder::read(first) == tests::scratch_folder::read(folder.path() / "again.json"));
}

TEST_CASE("tasks are every network on every design under every timing, once") {
  const auto jobs = example();
  REQUIRE(jobs.tasks() == 12);
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> seen;
  for (std::size_t i = 0; i < jobs.tasks(); ++i) {
    const auto t = jobs.task_of(i);
    CHECK((t.design < 2 && t.network < 3 && t.timing < 2));
    seen.insert({t.design, t.network, t.timing});
  }
  CHECK(seen.size() == 12);
}

TEST_CASE("a damaged job file is refused in one sentence") {
  const tests::scratch_folder folder;
  const auto file = folder.path() / "jobs.json";
  explore::write_job_file(file, example());
  const auto whole = tests::scratch_folder::read(file);
  for (std::size_t length = 0; length < whole.size() - 2; length += 7) {
    CHECK_THROWS_AS(explore::read_job_file(folder.write("cut.json", whole.substr(0, length))), core::user_error);
  }
  CHECK_THROWS_AS(explore::read_job_file(folder.path() / "missing.json"), core::user_error);
  CHECK_THROWS_AS(explore::read_job_file(folder.write("other.json", R"({"format": "sonic-run-1"})")), core::user_error);
  CHECK_THROWS_AS(explore::write_job_file(folder.path() / "missing" / "jobs.json", example()), core::user_error);
}
