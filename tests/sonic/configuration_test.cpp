// SPDX-License-Identifier: Apache-2.0
// Mistakes in the configuration: files and --set.
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>

using namespace sonic::tests;

namespace {

const std::string on_top = "base: " SONIC_SOURCE_DIR "/configs/sonic.yaml\n";

} // namespace

TEST_CASE("a wrong configuration file is refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  struct bad_file {
    std::string text;
    std::vector<std::string> words;
  };
  std::string deep;
  for (int i = 0; i < 100000; ++i) {
    deep += '[';
  }
  const std::vector<bad_file> files{
      {"", {"bad.yaml"}},
      {"[1, 2]\n", {"bad.yaml:1"}},
      {"name: {\n", {"bad.yaml"}},
      {std::string("\0\xff\xfe\0", 4), {"bad.yaml"}},
      {deep, {"bad.yaml"}},
      {"name: cut\n", {"bad.yaml"}},
      {"base: bad.yaml\n", {"bad.yaml"}},
      {"base: none.yaml\n", {"none.yaml"}},
      {on_top + "conv_aray: {vdus: 3}\n", {"bad.yaml:2:1", "conv_aray", "'conv_array'"}},
      {on_top + "conv_array: {vdus: 0}\n", {"bad.yaml:2:20", "conv_array.vdus", "from 1 to 4096"}},
      {on_top + "conv_array: {vdus: 99999999999999999999}\n", {"conv_array.vdus", "from 1 to 4096"}},
      {on_top + "devices: {adc: {latency: .nan}}\n", {"devices.adc.latency", "expected a time"}},
      {on_top + "devices: {adc: {latency: 14 mW}}\n", {"bad.yaml:2:26", "is a power", "expected a time"}},
      {on_top + "devices: [adc]\n", {"devices", "map of keys"}},
      {on_top + "a: &a [*a, *a]\n", {"bad.yaml:2"}},
      {on_top + "buffers: {weight_buffer: {capacity: 99999999 GiB}}\n", {"buffers.weight_buffer.capacity", "expected"}},
  };
  for (const auto& [text, words] : files) {
    folder.write("bad.yaml", text);
    CAPTURE(text.substr(0, 200));
    check_refused(folder, {{"run", "good.onnx", "--input", "good.npy", "--arch", "bad.yaml"}, words});
  }
}

TEST_CASE("a wrong --set is refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  const std::vector<std::pair<std::string, std::vector<std::string>>> overrides{
      {"conv_array.lanes", {"--set", "conv_array.lanes", "="}},
      {"=5", {"--set"}},
      {"conv_array.lnaes=5", {"conv_array.lnaes", "unknown key", "conv_array.lanes"}},
      {"conv_array.lanes=five", {"conv_array.lanes", "'five'", "whole number"}},
      {"conv_array.lanes=", {"conv_array.lanes"}},
      {"devices.adc.bits=40", {"devices.adc.bits", "from 2 to 16"}},
      {"idle_power_fraction=nan", {"idle_power_fraction"}},
      {"packing=[", {"packing"}},
      {"faults.dead_lasers=0.1", {"faults.dead_lasers", "run.optics is quantised", "run.optics: physical"}},
      {"faults.list=conv_array.vdu_50.laser_0", {"faults.list", "character 1", "no vdu_50", "vdu_0 to vdu_49"}},
      {"buffers.activation_buffer.capacity=256 B", {"buffers.activation_buffer.capacity", "from 1024"}},
  };
  for (const auto& [text, words] : overrides) {
    check_refused(folder, {{"run", "good.onnx", "--input", "good.npy", "--set", text}, words});
  }
}
