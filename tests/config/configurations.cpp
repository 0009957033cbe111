// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/keys.h"
#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tests/config/scratch.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <regex>
#include <set>
#include <vector>

namespace config = sonic::config;
using config::array_kind;
using sonic::tests::read_text;
using sonic::tests::scratch_folder;

namespace {

const std::filesystem::path source_folder = SONIC_SOURCE_DIR;
const std::filesystem::path sonic_yaml = source_folder / "configs" / "sonic.yaml";

bool same_values(const config::architecture& a, const config::architecture& b) {
  return a.name == b.name && a.conv_array == b.conv_array && a.fc_array == b.fc_array && a.devices == b.devices &&
         a.step == b.step && a.packing == b.packing && a.gating == b.gating && a.batch_norm == b.batch_norm &&
         a.idle_power_fraction == b.idle_power_fraction && a.adc_headroom == b.adc_headroom && a.buffers == b.buffers &&
         a.digital == b.digital && a.memory == b.memory && a.tuning == b.tuning && a.receiver == b.receiver &&
         a.run == b.run && a.faults == b.faults;
}

const config::provenance& record_of(const config::architecture& chip, const std::string& key) {
  return *std::find_if(chip.keys.begin(), chip.keys.end(), [&](const auto& each) { return each.key == key; });
}

} // namespace

TEST_CASE("the shipped configuration holds the paper's best point and device table") {
  const auto chip = config::load_architecture(sonic_yaml);
  CHECK(chip.conv_array == config::array_parameters{50, 5});
  CHECK(chip.fc_array == config::array_parameters{10, 50});
  const auto& devices = chip.devices;
  CHECK(devices.activation_dac == sonic::physics::dac_parameters{16, 0.33, 40, 4});
  CHECK(devices.weight_dac == sonic::physics::dac_parameters{6, 0.25, 3, 0.25});
  CHECK(devices.adc == sonic::physics::adc_parameters{16, 14, 62, 12});
  CHECK(devices.vcsel == sonic::physics::vcsel_parameters{0.07, 1.3, 0.15, 20, -140});
  CHECK(devices.photodetector.latency_ns == Approx(0.0058).epsilon(1e-12));
  CHECK(devices.photodetector.power_mw == 2.8);
  CHECK(devices.thermo_optic_tuning.latency_ns == 4000);
  CHECK(devices.electro_optic_tuning.maximum_shift_nm == devices.microring.linewidth_nm());
  CHECK(chip.buffers.global_buffer.bytes == 1048576);

  // One dot product per unit and step: 50 units of 286.3 mW, 10 of 2279.8 mW.
  double power_mw = 0;
  for (const auto kind : {array_kind::conv, array_kind::fc}) {
    const auto& array = chip.array(kind);
    power_mw += array.vdus * (array.lanes * (chip.streaming_dac(kind).power_mw + devices.vcsel.power_mw +
                                             chip.stationary_dac(kind).power_mw) +
                              devices.photodetector.power_mw + devices.adc.power_mw);
  }
  WARN("power of all devices of the published table: " << power_mw << " mW, expected 37113 mW");
  CHECK(power_mw == Approx(37113).epsilon(1e-12));
}

TEST_CASE("every shipped configuration loads, and every number in it has a source") {
  std::size_t files = 0;
  std::vector<std::filesystem::directory_entry> entries;
  std::copy(std::filesystem::directory_iterator(source_folder / "configs"), {}, std::back_inserter(entries));
  for (const char* baseline : {"crosslight.yaml", "holylight.yaml", "lightbulb.yaml"}) { // the others are no chips
    entries.emplace_back(source_folder / "configs" / "baselines" / baseline);
  }
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".yaml") {
      continue;
    }
    ++files;
    const auto chip = config::load_architecture(entry.path());
    REQUIRE(chip.keys.size() == config::key_table().size());
    for (std::size_t index = 0; index < chip.keys.size(); ++index) {
      CAPTURE(entry.path(), chip.keys[index].key);
      CHECK(chip.keys[index].key == config::key_table()[index].path);
      if (config::key_table()[index].needs_source()) {
        CHECK(chip.keys[index].kind <= config::source_kind::estimated);
        CHECK_FALSE(chip.keys[index].source.empty());
      }
    }
  }
  CHECK(files >= 2);
}

TEST_CASE("the three step modes give the step times of the device table") {
  struct expectation {
    std::string mode;
    double interval_ns, conv_fill_ns, fc_fill_ns, retune_ns;
  };
  const auto expected = GENERATE(expectation{"pipelined", 14, 14.4058, 14.3258, 20},
                                 expectation{"retune_every_step", 20, 34.4058, 34.4058, 0},
                                 expectation{"serial", 34.4058, 34.4058, 34.4058, 0});
  const auto chip = config::load_architecture(sonic_yaml, {"step.mode=" + expected.mode});
  CHECK(chip.initiation_interval_ns(array_kind::conv) == Approx(expected.interval_ns).epsilon(1e-12));
  CHECK(chip.initiation_interval_ns(array_kind::fc) == Approx(expected.interval_ns).epsilon(1e-12));
  CHECK(chip.fill_latency_ns(array_kind::conv) == Approx(expected.conv_fill_ns).epsilon(1e-12));
  CHECK(chip.fill_latency_ns(array_kind::fc) == Approx(expected.fc_fill_ns).epsilon(1e-12));
  CHECK(chip.retune_ns() == expected.retune_ns);
}

TEST_CASE("the slowest stage sets the interval, whichever it is") {
  const auto slow_dac = config::load_architecture(
      sonic_yaml, {"devices.adc.latency=0.1 ns", "devices.weight_dac.latency=2 ns", "step.mode=pipelined"});
  CHECK(slow_dac.initiation_interval_ns(array_kind::conv) == 0.33); // weights rest on the rings
  CHECK(slow_dac.initiation_interval_ns(array_kind::fc) == 2);      // weights stream
}

TEST_CASE("an override replaces one value, and the last one wins") {
  const auto chip = config::load_architecture(
      sonic_yaml, {"devices.adc.latency=9 ns", "devices.adc.latency=0.01 us", "conv_array={vdus: 3, lanes: 4}",
                   "devices.adc.power={value: 1 W, kind: published, source: data sheet}", "name=mine"});
  CHECK(chip.devices.adc.latency_ns == 10);
  CHECK(chip.devices.adc.power_mw == 1000);
  CHECK(chip.conv_array == config::array_parameters{3, 4});
  CHECK(chip.name == "mine");
  CHECK(record_of(chip, "devices.adc.latency").kind == config::source_kind::unstated);
  CHECK(record_of(chip, "devices.adc.latency").text == "0.01 us");
  CHECK(record_of(chip, "devices.adc.latency").where == "--set");
  CHECK(record_of(chip, "devices.adc.power").kind == config::source_kind::published);
  CHECK(record_of(chip, "devices.adc.power").source == "data sheet");
  CHECK(record_of(chip, "devices.adc.bits").kind == config::source_kind::published);
}

TEST_CASE("units are converted once, and every unit of a measure means the same") {
  const auto latency_ns = [](const std::string& text) {
    return config::load_architecture(sonic_yaml, {"devices.adc.latency=" + text}).devices.adc.latency_ns;
  };
  for (const std::string text : {"14 ns", "14ns", "14000 ps", "0.014 us", "1.4e-8 s", "'14 ns'", " 14  ns "}) {
    CAPTURE(text);
    CHECK(latency_ns(text) == Approx(14).epsilon(1e-14));
  }
}

TEST_CASE("a file may start from another in another folder") {
  const scratch_folder folder;
  std::filesystem::create_directory(folder.path() / "deeper");
  folder.write("one.yaml", read_text(sonic_yaml));
  folder.write("deeper/two.yaml", "base: ../one.yaml\nname: two\ndevices: {adc: {latency: 7 ns}}\n");
  const auto three = folder.write("three.yaml", "devices:\n  adc:\n    power: 5 mW\nbase: deeper/two.yaml\n");
  const auto chip = config::load_architecture(three);
  CHECK(chip.name == "two");
  CHECK(chip.devices.adc == sonic::physics::adc_parameters{16, 7, 5, 12});
  CHECK(record_of(chip, "devices.adc.power").where == three.string() + ":3:12");
  CHECK(record_of(chip, "devices.adc.bits").where ==
        (folder.path() / "one.yaml").string() + ":" +
            record_of(config::load_architecture(sonic_yaml), "devices.adc.bits")
                .where.substr(sonic_yaml.string().size() + 1));
}

TEST_CASE("the effective configuration loads to the same architecture, and prints itself again") {
  const auto overrides = GENERATE(std::vector<std::string>{},
                                  std::vector<std::string>{"name='a \"b\" \\ # c: d'", "devices.adc.latency=0.1 us",
                                                           "packing=whole_kernel", "run.seed=9007199254740991"});
  const auto chip = config::load_architecture(sonic_yaml, overrides);
  const scratch_folder folder;
  const auto file = folder.write("effective.yaml", config::effective_yaml(chip));
  const auto again = config::load_architecture(file);
  CHECK(same_values(chip, again));
  for (std::size_t index = 0; index < chip.keys.size(); ++index) {
    CAPTURE(chip.keys[index].key);
    CHECK(again.keys[index].text == chip.keys[index].text);
    CHECK(again.keys[index].source == chip.keys[index].source);
  }
  const auto file_again = folder.write("again.yaml", config::effective_yaml(again));
  CHECK(config::effective_yaml(config::load_architecture(file_again)) == config::effective_yaml(again));
}

TEST_CASE("random numbers survive the print-out bit by bit") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const scratch_folder folder;
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<std::string> overrides;
    for (const config::key& row : config::key_table()) {
      const auto* number = std::get_if<config::number_key>(&row.what);
      const bool free_to_move = number && number->measure == config::dimension::power;
      if (free_to_move) {
        char text[64];
        std::snprintf(text, sizeof text, "%.17g uW", std::uniform_real_distribution<>(1, 1e6)(random));
        overrides.push_back(row.path + "=" + text);
      }
    }
    REQUIRE(overrides.size() > 8);
    const auto chip = config::load_architecture(sonic_yaml, overrides);
    const auto file = folder.write("random.yaml", config::effective_yaml(chip));
    REQUIRE(same_values(chip, config::load_architecture(file)));
  }
}

TEST_CASE("the print-out explains every key, and says where a number has no source") {
  const auto text = config::effective_yaml(config::load_architecture(sonic_yaml, {"devices.adc.latency=9 ns"}));
  const std::string unwrapped = std::regex_replace(text, std::regex("\n *# "), " ");
  for (const config::key& row : config::key_table()) {
    CAPTURE(row.path);
    CHECK(unwrapped.find(" " + std::string(row.description)) != std::string::npos);
  }
  CHECK(text.find("    # Time of one conversion [above 0 and at most 1000000000 ns; no source given]\n"
                  "    latency: 9 ns\n") != std::string::npos);
  CHECK(text.find("power: {value: 62 mW, kind: published, source: \"arXiv 2109.04459, Table 2\"}") !=
        std::string::npos);
}

TEST_CASE("the key reference in the documents is the table's") {
  const std::string reference = config::key_reference_markdown();
  if (reference != read_text(source_folder / "docs" / "configuration_keys.md")) {
    const auto fresh = std::filesystem::current_path() / "configuration_keys.md";
    std::ofstream(fresh) << reference;
    FAIL("docs/configuration_keys.md is out of date; the right text is in " << fresh);
  }
}

TEST_CASE("the table of keys is in order") {
  std::set<std::string> paths;
  std::set<std::string> needed_sections;
  for (const config::key& row : config::key_table()) {
    CAPTURE(row.path);
    CHECK(paths.insert(row.path).second);
    CHECK_FALSE(row.description.empty());
    for (auto dot = row.path.find('.'); dot != std::string::npos; dot = row.path.find('.', dot + 1)) {
      needed_sections.insert(row.path.substr(0, dot));
    }
  }
  std::set<std::string> sections;
  for (const config::section& each : config::section_table()) {
    CHECK(sections.insert(std::string(each.path)).second);
  }
  CHECK(sections == needed_sections);
}
