// SPDX-License-Identifier: Apache-2.0
// Firmware on the platform, as a user starts it.
#include "tb/workload/array_io.h"
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <sstream>

using namespace sonic::tests;

namespace {

const std::string demo = SONIC_SOURCE_DIR "/configs/platform/demo.yaml";

struct platform_run {
  command_result command;
  nlohmann::json report;
};

/// Runs firmware of this build, with a limit of simulated time that nothing here needs.
platform_run run(const std::string& firmware, std::vector<std::string> options = {}) {
  const scratch_folder folder;
  std::vector<std::string> arguments{"platform", demo, "--elf", SONIC_FIRMWARE "/" + firmware + ".elf", "--json", "r"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  if (std::find(options.begin(), options.end(), "--limit") == options.end()) {
    arguments.insert(arguments.end(), {"--limit", "20 s"});
  }
  platform_run result{run_sonic(folder, arguments), {}};
  std::ifstream file(folder / "r");
  if (file) {
    result.report = nlohmann::json::parse(file);
  }
  return result;
}

} // namespace

TEST_CASE("hello ends well") {
  const auto found = run("hello");
  CHECK(found.command.exit_code == 0);
  CHECK(found.command.err == "");
  CHECK_THAT(found.command.out, Catch::StartsWith("hello from RISC-V\n") && Catch::EndsWith("PASSED\n"));
  CHECK(found.report["exit_code"] == 0);
}

TEST_CASE("wrong accesses trap, with their cause and address, and change nothing") {
  const auto found = run("test_traps");
  CAPTURE(found.command.out, found.command.err);
  CHECK(found.command.exit_code == 0);
  CHECK_THAT(found.command.out, Catch::EndsWith("PASSED\n"));
}

TEST_CASE("the quantum changes nothing that firmware can see") {
  for (const char* firmware : {"hello", "test_devices", "one_layer", "two_accelerators", "errors"}) {
    const auto first = run(firmware, {"--quantum", "0 ns"});
    CAPTURE(firmware, first.command.out, first.command.err);
    REQUIRE(first.command.exit_code == 0);
    for (const char* quantum : {"37 ns", "1 us", "1 ms"}) {
      const auto other = run(firmware, {"--quantum", quantum});
      CAPTURE(quantum);
      CHECK(other.command.exit_code == first.command.exit_code);
      CHECK(other.command.out == first.command.out);
      for (const char* key : {"simulated_ns", "instructions", "ram_crc32", "accelerators"}) {
        CHECK(other.report[key] == first.report[key]);
      }
    }
  }
}

TEST_CASE("firmware that cannot end is ended with one sentence") {
  struct row {
    const char* firmware;
    const char* sentence;
  };
  for (const auto& each : {row{"test_forever_loop", "did not end within 3 ms of simulated time"},
                           row{"test_forever_wait", "for an interrupt that nothing will raise"},
                           row{"test_forever_lost", "environment call at 0x8000"}}) {
    const auto found = run(each.firmware, {"--limit", "3 ms"});
    CAPTURE(each.firmware, found.command.err);
    CHECK(found.command.exit_code == 2);
    CHECK_THAT(found.command.err, Catch::StartsWith("sonic platform: ") && Catch::Contains(each.sentence));
    CHECK(std::count(found.command.err.begin(), found.command.err.end(), '\n') == 1);
    CHECK(found.report["why"].get<std::string>().find(each.sentence) != std::string::npos);
  }
}

TEST_CASE("the firmware's exit code is the process's") {
  const auto found = run("test_forever_fault"); // the default handler ends with 100 + cause
  CHECK(found.command.exit_code == 107);
  CHECK(found.report["exit_code"] == 107);
  CHECK_THAT(found.command.out, Catch::Contains("mtval 60000000"));
}

TEST_CASE("one layer gives the reference's codes, by interrupt and by polling") {
  const auto found = run("one_layer");
  CHECK(found.command.exit_code == 0);
  CHECK_THAT(found.command.out, Catch::Contains("by interrupt: 2704 codes as expected") &&
                                    Catch::Contains("by polling: 2704 codes as expected") &&
                                    Catch::EndsWith("PASSED\n"));
}

TEST_CASE("every error code is provoked, and the accelerator is usable after each") {
  const auto found = run("errors");
  CAPTURE(found.command.out);
  CHECK(found.command.exit_code == 0);
  for (int code = 1; code <= 8; ++code) {
    CHECK_THAT(found.command.out, Catch::Contains("error " + std::to_string(code) + ", "));
  }
  CHECK_THAT(found.command.out, !Catch::Contains("WRONG") && Catch::EndsWith("PASSED\n"));
}

TEST_CASE("two accelerators work at once") {
  for (const char* timing : {"loosely_timed", "approximately_timed"}) {
    const auto found = run("two_accelerators", {"--set", std::string("run.timing=") + timing});
    CAPTURE(timing, found.command.out, found.command.err);
    CHECK(found.command.exit_code == 0);
    CHECK_THAT(found.command.out, Catch::Contains("both busy: yes"));
    unsigned long alone = 0, together = 0;
    const auto line = found.command.out.find("one alone ");
    REQUIRE(line != std::string::npos);
    REQUIRE(std::sscanf(found.command.out.c_str() + line, "one alone %lu ticks, two at once %lu", &alone, &together) ==
            2);
    CAPTURE(alone, together);
    CHECK(together >= alone);
    CHECK(together < alone + alone / 10); // memory is 4 % of a frame's time
  }
}

TEST_CASE("MNIST's digits, scores and times are those of sonic run") {
  const std::string workloads = SONIC_SOURCE_DIR "/configs/workloads/";
  const auto found = run("mnist");
  CAPTURE(found.command.out, found.command.err);
  REQUIRE(found.command.exit_code == 0); // the firmware compares the scores with the reference's
  std::vector<int> digits;
  std::vector<double> times_ns;
  std::istringstream lines(found.command.out);
  for (std::string line; std::getline(lines, line);) {
    int frame = 0, digit = 0, label = 0;
    long long time_ns = 0, ticks = 0;
    if (std::sscanf(line.c_str(), "image %d: digit %d, label %d, %lld ns, timer %lld ticks", &frame, &digit, &label,
                    &time_ns, &ticks) == 5) {
      digits.push_back(digit);
      times_ns.push_back(static_cast<double>(time_ns));
      // A tick is 100 ns; the driver's own instructions come on top.
      CHECK(ticks * 100 > time_ns - 100);
      CHECK(ticks * 100 < time_ns + 2000);
    }
  }
  REQUIRE(digits.size() == 10);

  const scratch_folder folder;
  const auto same =
      run_sonic(folder, {"run", workloads + "mnist.onnx", "--input", workloads + "digits-images-idx3-ubyte.gz",
                         "--count", "10", "--json", "r", "--output", "scores.npz"});
  REQUIRE(same.exit_code == 0);
  const auto scores = sonic::workload::load_arrays(folder / "scores.npz").front().second;
  REQUIRE(scores.values.size() == 100);
  for (std::size_t frame = 0; frame < digits.size(); ++frame) {
    const auto* first = scores.values.data() + frame * 10;
    CHECK(digits[frame] == std::max_element(first, first + 10) - first);
  }
  std::ifstream file(folder / "r");
  const auto latency = nlohmann::json::parse(file)["latency_ns"];
  CAPTURE(latency.dump());
  // The counter holds whole nanoseconds.
  CHECK(*std::min_element(times_ns.begin(), times_ns.end()) == std::round(latency["least"].get<double>()));
  CHECK(*std::max_element(times_ns.begin(), times_ns.end()) == std::round(latency["most"].get<double>()));
  const double sum = std::accumulate(times_ns.begin(), times_ns.end(), 0.0);
  CHECK(std::abs(sum / 10 - latency["mean"].get<double>()) <= 0.5);
}
