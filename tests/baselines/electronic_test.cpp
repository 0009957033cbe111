// SPDX-License-Identifier: Apache-2.0
// Electronic baselines: what their files say, and what a frame takes.
#include "tb/baselines/electronic.h"

#include "sonic/core/error.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <iterator>
#include <string>

using namespace sonic;
using namespace sonic::baselines;
using sonic::tests::scratch_folder;

namespace {

/// A whole file of round figures: 100 products a microsecond and 1 W, so 10 nJ a product.
const std::string whole = R"(name: round
skips: none
fully_connected: on_array
mac_units: {value: 2, kind: estimated, source: test}
clock: {value: 100 MHz, kind: estimated, source: test}
utilisation: {value: 0.5, kind: estimated, source: test}
power: {value: 1 W, kind: estimated, source: test}
activation_bits: {value: 16, kind: estimated, source: test}
weight_bits: {value: 8, kind: estimated, source: test}
activation_reuse: {value: 4, kind: estimated, source: test}
weight_reuse: {value: 2, kind: estimated, source: test}
)";

std::string without(const std::string& key) {
  const auto begin = whole.find("\n" + key + ":");
  return whole.substr(0, begin + 1) + whole.substr(whole.find('\n', begin + 1) + 1);
}

std::string message_of(const std::filesystem::path& file) {
  try {
    read_electronic(file);
  } catch (const core::user_error& e) {
    const std::string text = e.what();
    const auto folder = file.parent_path().string() + "/";
    return text.rfind(folder, 0) == 0 ? text.substr(folder.size()) : text;
  }
  return "nothing";
}

frame_work some_work() {
  frame_work work;
  work.convolutions = {1000, 600, 500, 250};
  work.fully_connected = {100, 40, 30, 10};
  work.outputs = 7;
  work.parameter_bits = 1600;
  return work;
}

} // namespace

TEST_CASE("a frame takes its products over units x utilisation x clock, at the machine's power") {
  const scratch_folder folder;
  const auto machine = read_electronic(folder.write("m.yaml", whole));
  CHECK(machine.name == "round");
  CHECK_FALSE(machine.calibrated);
  CHECK(machine.figures.size() == 8);
  const auto cost = cost_of(machine, some_work());
  CHECK(cost.latency_ns == Approx(1100 * 10.0));
  CHECK(cost.energy_pj == Approx(1100 * 10.0 * 1000.0)); // 1 W x 10 ns = 10 nJ
  CHECK(cost.operand_bits == Approx(1100 * (16.0 / 4 + 8.0 / 2) + 7 * 16));
}

TEST_CASE("zeros that a machine skips, and layers that run elsewhere, cost nothing") {
  const scratch_folder folder;
  struct machine {
    std::string skips, layers;
    double products;
  };
  const auto [skips, layers, products] = GENERATE(values<machine>({{"none", "on_array", 1100},
                                                                   {"activations", "on_array", 530},
                                                                   {"weights", "on_array", 640},
                                                                   {"both", "on_array", 260},
                                                                   {"none", "elsewhere", 1000},
                                                                   {"activations", "elsewhere", 500}}));
  folder.write("m.yaml", whole);
  const auto file =
      folder.write("n.yaml", "base: m.yaml\nname: n\nskips: " + skips + "\nfully_connected: " + layers + "\n");
  CAPTURE(skips, layers);
  CHECK(cost_of(read_electronic(file), some_work()).latency_ns == Approx(products * 10.0));
}

TEST_CASE("a calibrated machine has an energy, and no speed") {
  const scratch_folder folder;
  folder.write("m.yaml", whole);
  const auto machine = read_electronic(
      folder.write("n.yaml", "base: m.yaml\nname: n\nefficiency: {value: 2, kind: derived, source: test}\n"));
  CHECK(machine.calibrated);
  const auto cost = cost_of(machine, some_work());
  CHECK(std::isnan(cost.latency_ns));
  CHECK(cost.energy_pj == Approx(1100 * 10.0 * 1000.0 / 2));
}

TEST_CASE("shipped electronic baselines say where every figure comes from, and RSNN is 1.445 NullHop by construction") {
  const std::filesystem::path folder = std::filesystem::path(SONIC_SOURCE_DIR) / "configs" / "baselines";
  for (const char* name : {"nullhop_fpga", "nullhop_asic", "rsnn", "rsnn_asic", "dense_electronic"}) {
    CAPTURE(name);
    const auto machine = read_electronic(folder / (std::string(name) + ".yaml"));
    CHECK(machine.name == name);
    CHECK(machine.figures.size() >= 8);
    for (const auto& figure : machine.figures) {
      CAPTURE(figure.key);
      CHECK_FALSE(figure.source.empty());
    }
  }
  const auto cost = [&](const char* name) { return cost_of(read_electronic(folder / name), some_work()); };
  CHECK(cost("nullhop_fpga.yaml").energy_pj / cost("rsnn.yaml").energy_pj == Approx(1.445));
  CHECK(cost("nullhop_asic.yaml").energy_pj / cost("rsnn_asic.yaml").energy_pj == Approx(1.445));
  // 128 multipliers at 60 MHz, 98 % busy, with 500 products that are not skipped.
  CHECK(cost("nullhop_fpga.yaml").latency_ns == Approx(500 / (128 * 0.98 * 0.060)));
}

TEST_CASE("a mistake in the file of an electronic baseline is one sentence with its place") {
  struct mistake {
    std::string text, message;
  };
  const auto [text, message] = GENERATE(values<mistake>({
      {whole + "colour: red\n",
       "m.yaml:12:1: colour: unknown key; expected one of base, name, skips, fully_connected, mac_units, clock, "
       "utilisation, power, activation_bits, weight_bits, activation_reuse, weight_reuse, efficiency"},
      {whole + "power: {value: 1 W, kind: estimated, source: test}\n",
       "m.yaml:12:1: power: given twice, first in line 7; expected each key once"},
      {without("clock"),
       "m.yaml:1:1: clock: missing; expected this key, here or in the file that this one starts from"},
      {without("skips"),
       "m.yaml:1:1: skips: missing; expected this key, here or in the file that this one starts from"},
      {without("power") + "power: 1 W\n",
       "m.yaml:11:8: power: does not say where it comes from; expected {value: ..., kind: ..., source: ...}"},
      {without("power") + "power: {value: 1 W, kind: guessed, source: test}\n",
       "m.yaml:11:27: power.kind: 'guessed' is not a choice; expected one of published, derived, estimated"},
      {without("power") + "power: {value: 1 W, kind: estimated}\n",
       "m.yaml:11:8: power.source: missing; expected this key"},
      {without("power") + "power: {value: 1, kind: estimated, source: test}\n",
       "m.yaml:11:16: power.value: '1' has no unit; expected a power in uW, mW or W, such as '1.3 mW'"},
      {without("utilisation") + "utilisation: {value: 1.5, kind: estimated, source: test}\n",
       "m.yaml:11:22: utilisation.value: 1.5 is out of range; expected 1e-06 to 1"},
      {without("skips") + "skips: everything\n",
       "m.yaml:11:8: skips: 'everything' is not a choice; expected one of none, activations, weights, both"},
      {"base: gone.yaml\n", "m.yaml:1:7: base: there is no file 'gone.yaml'; expected a file, relative to the folder "
                            "of this one"},
      {"base: m.yaml\n",
       "m.yaml:1:7: base: 'm.yaml' starts from this file again; expected files that do not form a circle"},
      {"- a\n", "m.yaml:1:1: the file: is not a map; expected a map of keys"},
  }));
  const scratch_folder folder;
  CAPTURE(text);
  CHECK(message_of(folder.write("m.yaml", text)) == message);
}
