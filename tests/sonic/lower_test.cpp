// SPDX-License-Identifier: Apache-2.0
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <sys/wait.h>

using namespace sonic::tests;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

unsigned long number_in(const std::string& header, const std::string& name) {
  const auto place = header.find("#define " + name + " ");
  REQUIRE(place != std::string::npos);
  return std::stoul(header.substr(place + name.size() + 9));
}

} // namespace

TEST_CASE("lower: the files are as long as the header says") {
  const scratch_folder folder;
  write_good_files(folder);
  const auto found = run_sonic(folder, {"lower", "good.onnx", "--input", "good.npy", "--to", "net"});
  CAPTURE(found.err);
  REQUIRE(found.exit_code == 0);
  CHECK(found.out.empty());
  const auto header = text_of(folder / "net.h");
  CHECK(number_in(header, "NET_IMAGE_BYTES") == text_of(folder / "net.bin").size());
  CHECK(number_in(header, "NET_FRAMES") == 6);
  CHECK(number_in(header, "NET_INPUT_ELEMENTS") == 4);
  CHECK(number_in(header, "NET_OUTPUT_ELEMENTS") == 3);
  CHECK(text_of(folder / "net_inputs.bin").size() == 6 * 4 * 2);
  CHECK(text_of(folder / "net_expected.bin").size() == 6 * 3 * 2);
  CHECK(number_in(header, "NET_OUTPUT_ADDRESS") + 3 * 2 <= number_in(header, "NET_MEMORY_BYTES"));
  CHECK(number_in(header, "NET_IMAGE_BYTES") <= number_in(header, "NET_MEMORY_BYTES"));
  CHECK(number_in(header, "NET_DESCRIPTORS") == 1);
}

TEST_CASE("lower: what firmware cannot run is refused") {
  const scratch_folder folder;
  write_good_files(folder);
  const auto refused = [&](std::vector<std::string> more, const std::vector<std::string>& words) {
    std::vector<std::string> arguments{"lower", "good.onnx", "--input", "good.npy"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto found = run_sonic(folder, arguments);
    CAPTURE(more, found.err);
    CHECK(found.exit_code == 2);
    for (const auto& word : words) {
      CHECK_THAT(found.err, Catch::Contains(word));
    }
    CHECK(std::count(found.err.begin(), found.err.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(folder / "net.bin"));
  };
  refused({}, {"--to"});
  refused({"--to", "2net"}, {"--to 2net", "word of C"});
  refused({"--to", "a-b"}, {"word of C"});
  refused({"--to", "nowhere/net"}, {"cannot be written"});
  refused({"--to", "net", "--optics", "ideal"}, {"ideal", "expected quantised or physical"});
}

TEST_CASE("platform: what is wrong is said in one sentence, before anything runs") {
  const scratch_folder folder;
  const std::string demo = SONIC_SOURCE_DIR "/configs/platform/demo.yaml";
  const auto refused = [&](std::vector<std::string> arguments, const std::vector<std::string>& words) {
    arguments.insert(arguments.begin(), "platform");
    const auto found = run_sonic(folder, arguments);
    CAPTURE(arguments, found.err);
    CHECK(found.exit_code == 2);
    CHECK(found.out.empty());
    CHECK(std::count(found.err.begin(), found.err.end(), '\n') == 1);
    for (const auto& word : words) {
      CHECK_THAT(found.err, Catch::Contains(word));
    }
  };
  if (run_sonic(folder, {"platform", "--help"}).exit_code != 0) {
    refused({demo}, {"sonic-platform", "was not built"});
    return;
  }
  folder.write("text.elf", "no firmware");
  refused({}, {"platform"});
  refused({demo}, {"--elf"});
  refused({"nowhere.yaml", "--elf", "text.elf"}, {"nowhere.yaml", "cannot be opened"});
  refused({demo, "--elf", "text.elf"}, {"text.elf", "not an ELF file"});
  refused({demo, "--elf", "nowhere.elf"}, {"nowhere.elf", "cannot be read"});
  refused({demo, "--elf", "text.elf", "--quantum", "1"}, {"--quantum 1", "has no unit"});
  refused({demo, "--elf", "text.elf", "--limit", "1 nm"}, {"--limit 1 nm", "is a length", "expected a time"});
  refused({demo, "--elf", "text.elf", "--gdb", "70000"}, {"--gdb"});
  refused({demo, "--elf", "text.elf", "--set", "adc.bits=3"}, {"--set", "unknown key"});
}

TEST_CASE("platform: a command without its program beside it says so") {
  const scratch_folder folder;
  std::filesystem::copy_file(SONIC_COMMAND, folder / "sonic");
  const std::string line = (folder / "sonic").string() + " platform x.yaml --elf x.elf 2> " + (folder / "err").string();
  const int status = std::system(line.c_str());
  CHECK(WEXITSTATUS(status) == 2);
  CHECK_THAT(text_of(folder / "err"), Catch::StartsWith("sonic: platform: ") && Catch::Contains("was not built"));
}
