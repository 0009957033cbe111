// SPDX-License-Identifier: Apache-2.0
// Firmware on the platform, as a user starts it.
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

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

TEST_CASE("the quantum changes nothing that firmware can see") {
  const auto first = run("hello", {"--quantum", "0 ns"});
  REQUIRE(first.command.exit_code == 0);
  for (const char* quantum : {"1 us", "1 ms"}) {
    const auto other = run("hello", {"--quantum", quantum});
    CAPTURE(quantum);
    CHECK(other.command.exit_code == first.command.exit_code);
    CHECK(other.command.out == first.command.out);
    for (const char* key : {"simulated_ns", "instructions", "ram_crc32"}) {
      CHECK(other.report[key] == first.report[key]);
    }
  }
}
