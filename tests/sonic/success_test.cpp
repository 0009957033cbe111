// SPDX-License-Identifier: Apache-2.0
// What the sonic command does when nothing is wrong.
#include "tb/workload/array_io.h"
#include "tests/sonic/sonic_command.h"
#include "tests/support/onnx_builder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <sstream>

using namespace sonic::tests;

TEST_CASE("a good run ends with 0, a report, JSON and readable outputs") {
  const scratch_folder folder;
  write_good_files(folder);
  const std::string optics = GENERATE("ideal", "quantised");
  const auto found = run_sonic(folder, {"run", "good.onnx", "--input", "good.npy", "--optics", optics, "--json",
                                        "report.json", "--output", "outputs.npz"});
  CAPTURE(optics, found.err);
  REQUIRE(found.exit_code == 0);
  CHECK(found.err.empty());
  CHECK_THAT(found.out, Catch::Contains(optics));

  std::stringstream json;
  json << std::ifstream(folder / "report.json").rdbuf();
  CHECK_THAT(json.str(), Catch::Contains("\"" + optics + "\""));
  CHECK(json.str().front() == '{');

  // x times w with negatives cut, from the constants of write_good_files.
  const auto in = sonic::workload::load_arrays(folder / "good.npy").front().second;
  const std::vector<float> w{0.5F, -1, 0, 0.25F, 0, 1, -0.5F, 0.75F, 0, 1, 0, -1};
  const auto arrays = sonic::workload::load_arrays(folder / "outputs.npz");
  REQUIRE(arrays.size() == 1);
  CHECK(arrays.front().first == "y");
  const auto& y = arrays.front().second;
  REQUIRE(y.extents == sonic::workload::shape{6, 3});
  double worst = 0.0;
  for (std::size_t f = 0; f < 6; ++f) {
    for (std::size_t c = 0; c < 3; ++c) {
      double sum = 0.0;
      for (std::size_t k = 0; k < 4; ++k) {
        sum += static_cast<double>(in.values[f * 4 + k]) * static_cast<double>(w[k * 3 + c]);
      }
      worst = std::max(worst, std::abs(std::max(sum, 0.0) - static_cast<double>(y.values[f * 3 + c])));
    }
  }
  CAPTURE(worst);
  // At most four products of magnitude 1: float32 rounding, or 16-bit converters and codes.
  CHECK(worst <= (optics == "ideal" ? 1e-6 : 1e-3));
}

TEST_CASE("labels give an accuracy and --count takes the first frames") {
  const scratch_folder folder;
  write_good_files(folder);
  folder.write("labels.npy", npy_bytes("<f4", "6,", float_bytes({0, 1, 2, 0, 1, 2})));
  const auto found = run_sonic(folder, {"run", "good.onnx", "--input", "x=good.npy", "--labels", "labels.npy",
                                        "--count", "2", "--output", "outputs.npz"});
  CAPTURE(found.err, found.out);
  REQUIRE(found.exit_code == 0);
  CHECK_THAT(found.out, Catch::Contains("of 2"));
  CHECK(sonic::workload::load_arrays(folder / "outputs.npz").front().second.extents == sonic::workload::shape{2, 3});
}

TEST_CASE("damage is named, and the same with any number of processes") {
  const scratch_folder folder;
  write_good_files(folder);
  const auto run = [&](const std::string& jobs) {
    const auto found = run_sonic(
        folder, {"run", "good.onnx", "--input", "good.npy", "--optics", "physical", "--jobs", jobs, "--set",
                 "faults.dead_lasers=0.1", "--set", "faults.activation_buffer_flips=0.01", "--set",
                 "faults.list=fc_array.vdu_0.ring_1=0.5", "--json", jobs + ".json", "--output", jobs + ".npz"});
    CAPTURE(found.err);
    REQUIRE(found.exit_code == 0);
    CHECK_THAT(found.out, Catch::Contains("  fc_array.vdu_0.ring_1: stuck ring at 0.5, kept") ||
                              Catch::Contains(" more: see the report"));
    std::stringstream json;
    json << std::ifstream(folder / (jobs + ".json")).rdbuf();
    return nlohmann::json::parse(json.str())["damage"];
  };
  const auto one = run("1"), three = run("3");
  CHECK(one == three);
  CHECK(one["faults"].size() > 40); // of 750 lasers a tenth
  CHECK(sonic::workload::load_arrays(folder / "1.npz").front().second.values ==
        sonic::workload::load_arrays(folder / "3.npz").front().second.values);
}

TEST_CASE("help and the effective configuration end with 0") {
  const scratch_folder folder;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--help"}, {"run", "--help"}, {"inspect"}, {"inspect", "--set", "fc_array.lanes=7"}}) {
    const auto found = run_sonic(folder, arguments);
    CAPTURE(arguments, found.err);
    CHECK(found.exit_code == 0);
    CHECK(found.err.empty());
    CHECK(found.out.size() > 100);
  }
}
