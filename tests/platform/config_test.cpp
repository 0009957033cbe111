// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/platform/platform_config.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <iterator>

using sonic::core::user_error;
using namespace sonic::platform;

namespace {

const std::string shipped = SONIC_SOURCE_DIR "/configs/platform/demo.yaml";

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The message for the shipped platform with one piece of its text replaced.
std::string refusal(const std::string& piece, const std::string& by) {
  const sonic::tests::scratch_folder folder;
  std::string text = text_of(shipped);
  const auto place = text.find(piece);
  REQUIRE(place != std::string::npos);
  text.replace(place, piece.size(), by);
  for (auto at = text.find("../sonic.yaml"); at != std::string::npos; at = text.find("../sonic.yaml")) {
    text.replace(at, 13, SONIC_SOURCE_DIR "/configs/sonic.yaml");
  }
  try {
    load_platform(folder.write("p.yaml", text), {});
  } catch (const user_error& e) {
    return e.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("the shipped platform is what its file says") {
  const auto p = load_platform(shipped, {"conv_array.vdus=7"});
  CHECK(p.name == "demo");
  CHECK(p.cpu_clock_ghz == 1.0);
  CHECK(p.cycles_per_instruction == 1);
  CHECK(p.ram_address == 0x80000000);
  CHECK(p.ram_bytes == 64U << 20U);
  CHECK(p.timer_ghz == Approx(0.01));
  CHECK(p.interrupt_sources == 63);
  CHECK(p.uart_irq == 10);
  REQUIRE(p.accelerators.size() == 2);
  CHECK(p.accelerators[1].name == "sonic1");
  CHECK(p.accelerators[1].address == 0x40001000);
  CHECK(p.accelerators[1].irq == 33);
  CHECK(p.accelerators[1].architecture.conv_array.vdus == 7);
}

TEST_CASE("what is wrong in a platform's file is refused with its place") {
  struct row {
    std::string piece, by;
    std::vector<std::string> words;
  };
  const std::vector<row> rows{
      {"name: demo", "nam: demo", {":4:1: nam", "unknown key", "expected one of name, cpu"}},
      {"name: demo", "name: demo\nname: other", {":5:1: name", "given twice, first in line 4"}},
      {"name: demo", "", {": name: missing"}},
      {"clock: 1 GHz", "clock: 1 ns", {":7:10: cpu.clock", "is a time", "expected a frequency"}},
      {"clock: 1 GHz", "clock: 1000 GHz", {"cpu.clock", "out of range"}},
      {"cycles_per_instruction: 1", "cycles_per_instruction: 0", {"cpu.cycles_per_instruction", "whole number from 1"}},
      {"size: 64 MiB", "size: 6 B", {"ram.size", "out of range"}},
      {"size: 64 MiB", "size: 4097 B", {"ram.size", "4 KiB"}},
      {"address: 0x80000000", "address: 0x80000001", {"ram.address", "multiple of 0x1000"}},
      {"address: 0x80000000", "address: 0xffff0000", {"ram.address", "32 bits"}},
      {"address: 0x80000000", "address: 0x1ffffffff", {"ram.address", "32-bit address"}},
      {"address: 0x10000000", "address: 0x80001000", {"uart.address", "overlaps ram.address"}},
      {"irq: 10", "irq: 64", {"uart.irq", "1 to 63"}},
      {"irq: 33", "irq: 10", {"accelerators.sonic1.irq", "interrupt 10 is also uart.irq"}},
      {"address: 0x40001000", "address: 0x40000000", {"sonic1.address", "overlaps accelerators.sonic0.address"}},
      {"sonic1:", "so-nic:", {"accelerators.so-nic", "is not a name"}},
      {"sonic1:", "sonic0:", {"accelerators.sonic0", "given twice"}},
      {"architecture: ../sonic.yaml", "architecture: nowhere.yaml", {"architecture", "there is no file"}},
      {"cpu:\n", "cpu: 3\nold:\n", {"old", "unknown key"}},
      {"uart:\n", "uart: {}\nuart2:\n", {"unknown key"}},
      {"name: demo", "name: demo\n  x: [", {"not valid YAML"}},
  };
  for (const auto& r : rows) {
    const auto message = refusal(r.piece, r.by);
    CAPTURE(r.by, message);
    CHECK_THAT(message, Catch::Contains("p.yaml:"));
    for (const auto& word : r.words) {
      CHECK_THAT(message, Catch::Contains(word));
    }
  }
  CHECK(refusal("name: demo", "name: demo") == "accepted");
}

TEST_CASE("accelerators that share the memory agree on it") {
  const sonic::tests::scratch_folder folder;
  folder.write("slow.yaml", "base: " SONIC_SOURCE_DIR "/configs/sonic.yaml\nmemory:\n  latency: {value: 77 ns, kind: "
                            "estimated, source: \"this test\"}\n");
  const auto message = refusal("irq: 33\n    architecture: ../sonic.yaml",
                               "irq: 33\n    architecture: " + (folder / "slow.yaml").string());
  CHECK_THAT(message, Catch::Contains("accelerators.sonic1.architecture") && Catch::Contains("memory.*"));
}
