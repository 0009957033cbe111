// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/space.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"

#include <catch2/catch.hpp>

using namespace sonic;
using explore::design_space;

namespace {

design_space space_of(const std::string& text) {
  const auto parsed = config::parse_document(text, "study.yaml", true);
  return explore::read_space(config::config_map(parsed, parsed.root, "space", {}));
}

std::vector<std::string> texts(const explore::axis& a) {
  std::vector<std::string> all;
  for (const auto& c : a.choices) {
    all.push_back(c.text);
  }
  return all;
}

void check_refused(const std::string& text, const std::string& part) {
  CAPTURE(text);
  try {
    space_of(text);
    FAIL("was taken");
  } catch (const core::user_error& e) {
    CAPTURE(std::string(e.what()));
    CHECK(std::string(e.what()).find(part) != std::string::npos);
    CHECK(std::string(e.what()).rfind("study.yaml:", 0) == 0);
  }
}

} // namespace

TEST_CASE("lists and ranges give the values that they say") {
  const auto space = space_of("conv_array.vdus: [50, 10, 20]\n"
                              "devices.adc.latency: {from: 1 ns, to: 2.05 ns, step: 0.25 ns}\n"
                              "buffers.weight_buffer.capacity: {from: 64 KiB, to: 1 MiB, factor: 4}\n"
                              "fc_array.lanes: {from: 5, to: 9, step: 2}\n"
                              "packing: [whole_kernel, kernel_slice]\n");
  REQUIRE(space.axes.size() == 5);
  CHECK(texts(space.axes[0]) == std::vector<std::string>{"50", "10", "20"});
  CHECK(texts(space.axes[1]) == std::vector<std::string>{"1 ns", "1.25 ns", "1.5 ns", "1.75 ns", "2 ns"});
  CHECK(texts(space.axes[2]) == std::vector<std::string>{"64 KiB", "256 KiB", "1024 KiB"});
  CHECK(space.axes[2].choices[2].number == 1048576);
  CHECK(texts(space.axes[3]) == std::vector<std::string>{"5", "7", "9"});
  CHECK(space.axes[4].words);
  CHECK(space.sizes() == explore::axis_sizes{3, 5, 3, 3, 2});
  CHECK(space.overrides({1, 4, 0, 2, 1}) == std::vector<std::string>{"conv_array.vdus=10", "devices.adc.latency=2 ns",
                                                                     "buffers.weight_buffer.capacity=64 KiB",
                                                                     "fc_array.lanes=9", "packing=kernel_slice"});
}

TEST_CASE("a range of whole numbers has each once, whatever its factor") {
  CHECK(texts(space_of("fc_array.vdus: {from: 1, to: 10, factor: 1.3}").axes[0]) ==
        std::vector<std::string>{"1", "2", "3", "4", "5", "6", "8"});
}

TEST_CASE("a design is the same configuration as its overrides") {
  const std::string file = std::string(SONIC_SOURCE_DIR) + "/configs/sonic.yaml";
  const auto space = space_of("conv_array.vdus: [7, 50]\n"
                              "devices.adc.power: [2 W, 62 mW]\n"
                              "gating: [none, vcsel, vcsel_and_dac]\n"
                              "memory.bandwidth: {from: 2 GB/s, to: 8 GB/s, factor: 2}\n");
  auto applied = config::load_architecture(file);
  const auto sizes = space.sizes();
  for (std::uint64_t number = 0; number < explore::size_of(sizes); ++number) {
    explore::design d;
    explore::set_design(sizes, number, d);
    space.apply(d, applied);
    const auto loaded = config::load_architecture(file, space.overrides(d));
    CHECK(applied.conv_array == loaded.conv_array);
    CHECK(applied.devices == loaded.devices);
    CHECK(applied.gating == loaded.gating);
    CHECK(applied.memory == loaded.memory);
  }
}

TEST_CASE("a space that cannot be is refused in one sentence with its place") {
  check_refused("conv_array.units: [1]", "unknown key");
  check_refused("name: [a, b]", "takes any text");
  check_refused("conv_array.vdus: [1, 5000]", "5000 is out of range");
  check_refused("conv_array.vdus: [1.5]", "is not a whole number");
  check_refused("conv_array.vdus: [1, 2, 1]", "'1' is given twice");
  check_refused("devices.adc.latency: [1000 ps, 1 ns]", "is given twice");
  check_refused("devices.adc.latency: [14]", "has no unit");
  check_refused("conv_array.vdus: []", "is not a list");
  check_refused("conv_array.vdus: [[1]]", "is not a list of plain values");
  check_refused("conv_array.vdus: 5", "is not a map");
  check_refused("packing: [sliced]", "'sliced' is not a choice");
  check_refused("packing: {from: 1, to: 2, step: 1}", "is a choice of words");
  check_refused("conv_array.vdus: {from: 1, to: 9}", "has no step");
  check_refused("conv_array.vdus: {from: 1, to: 9, step: 1, factor: 2}", "has no step");
  check_refused("conv_array.vdus: {from: 9, to: 1, step: 1}", "has no value");
  check_refused("conv_array.vdus: {from: 1, to: 9, step: 0}", "is not above 0");
  check_refused("conv_array.vdus: {from: 1, to: 9, by: 1}", "unknown key");
  check_refused("idle_power_fraction: {from: 0, to: 1, factor: 2}", "has no value");
  check_refused("idle_power_fraction: {from: 0, to: 1, step: 0.000001}", "has more than");
  check_refused("conv_array.vdus: [1]\nconv_array.vdus: [2]", "given twice");
  std::string many;
  for (const char* key : {"conv_array.vdus", "conv_array.lanes", "fc_array.vdus", "fc_array.lanes",
                          "conv_array.waveguides", "fc_array.waveguides"}) {
    many += std::string(key) + ": {from: 1, to: 1024, step: 1}\n";
  }
  check_refused(many + "memory.banks: {from: 1, to: 4096, step: 1}", "more than 2^63");
  check_refused("{}", "is empty");
}
