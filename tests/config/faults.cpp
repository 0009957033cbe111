// SPDX-License-Identifier: Apache-2.0
// Lists of broken devices, what is drawn beside them, and what policies make of both.
#include "sonic/config/damage.h"
#include "sonic/config/link.h"
#include "sonic/config/load.h"
#include "sonic/core/error.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

namespace config = sonic::config;
using config::array_kind;
using config::fault_outcome;
using sonic::physics::fault_kind;

namespace {

const std::filesystem::path sonic_yaml = std::filesystem::path(SONIC_SOURCE_DIR) / "configs" / "sonic.yaml";

using keys = std::vector<std::string>;

config::architecture chip_of(keys overrides) {
  overrides.insert(overrides.begin(), "run.optics=physical");
  return config::load_architecture(sonic_yaml, overrides);
}

std::string message_of(const keys& overrides) {
  try {
    config::load_architecture(sonic_yaml, overrides);
  } catch (const sonic::core::user_error& error) {
    return error.what();
  }
  return "accepted";
}

std::string list_message(const std::string& list) {
  return message_of({"run.optics=physical", "faults.list=" + list});
}

const config::known_fault& fault_of(const std::vector<config::known_fault>& faults, std::uint32_t unit,
                                    fault_kind kind) {
  return *std::find_if(faults.begin(), faults.end(),
                       [&](const auto& f) { return f.unit == unit && f.what.kind == kind; });
}

} // namespace

TEST_CASE("a list names devices with what is wrong with them") {
  const auto chip =
      chip_of({"faults.list=conv_array.vdu_3.laser_2, fc_array.vdu_0.adc_bit_5=1 ,conv_array.vdu_1.ring_4="
               "-0.5,conv_array.vdu_49.heater_0, fc_array.vdu_9.heater_49=-300 pm, fc_array.vdu_2.detector,"
               "fc_array.vdu_3.detector=4"});
  const std::vector<config::unit_fault> expected{{array_kind::conv, 3, {fault_kind::dead_laser, 2, 0.0}},
                                                 {array_kind::fc, 0, {fault_kind::stuck_adc_bit, 5, 1.0}},
                                                 {array_kind::conv, 1, {fault_kind::stuck_ring, 4, -0.5}},
                                                 {array_kind::conv, 49, {fault_kind::detuned_heater, 0, 0.2}},
                                                 {array_kind::fc, 9, {fault_kind::detuned_heater, 49, -0.3}},
                                                 {array_kind::fc, 2, {fault_kind::noisy_detector, 0, 10.0}},
                                                 {array_kind::fc, 3, {fault_kind::noisy_detector, 0, 4.0}}};
  CHECK(config::parse_fault_list(chip) == expected);
  CHECK(config::parse_fault_list(chip_of({})).empty());
  for (const auto& f : expected) {
    const std::string name = config::name_of_unit(f.array, f.unit) + "." + config::name_of_device(f.what);
    CHECK(chip.faults.list.find(name) != std::string::npos);
  }
}

TEST_CASE("a wrong entry of the list is named with its place") {
  const std::string here = "--set faults.list: entry ";
  CHECK(list_message("conv_array.vdu_3.laser_2, conv_array.vdu_50.laser_2") ==
        here + "2, at character 27, 'conv_array.vdu_50.laser_2': there is no vdu_50; expected vdu_0 to vdu_49");
  CHECK(list_message("conv_array.vdu_3.laser_5") ==
        here + "1, at character 1, 'conv_array.vdu_3.laser_5': there is no laser_5; expected laser_0 to laser_4");
  CHECK(list_message("fc_array.vdu_3.adc_bit_16=1") ==
        here + "1, at character 1, 'fc_array.vdu_3.adc_bit_16=1': there is no adc_bit_16; expected adc_bit_0 to "
               "adc_bit_15");
  CHECK(list_message("fc_array.vdu_99999999999.laser_0") ==
        here + "1, at character 1, 'fc_array.vdu_99999999999.laser_0': there is no vdu_99999999999; expected vdu_0 to "
               "vdu_9");
  CHECK(list_message("dense_array.vdu_3.laser_2") ==
        here + "1, at character 1, 'dense_array.vdu_3.laser_2': names no array; expected conv_array or fc_array, such "
               "as conv_array.vdu_3.laser_2");
  CHECK(list_message("conv_array.unit_3.laser_2") ==
        here + "1, at character 1, 'conv_array.unit_3.laser_2': names no unit; expected vdu_ and a number, such as "
               "conv_array.vdu_3.laser_2");
  const std::string device = "names no device; expected laser_L, ring_L, heater_L, detector or adc_bit_B after the "
                             "unit and a dot";
  CHECK(list_message("conv_array.vdu_3") == here + "1, at character 1, 'conv_array.vdu_3': " + device);
  CHECK(list_message("conv_array.vdu_3.lamp_2") == here + "1, at character 1, 'conv_array.vdu_3.lamp_2': " + device);
  CHECK(list_message("conv_array.vdu_3.laser_2,") == here +
                                                         "2, at character 26, '': names no array; expected conv_array "
                                                         "or fc_array, such as conv_array.vdu_3.laser_2");
  CHECK(list_message("conv_array.vdu_3.laser_2=1") ==
        here + "1, at character 1, 'conv_array.vdu_3.laser_2=1': '1' is no value for it; expected no value: a laser is "
               "dead");
  CHECK(list_message("conv_array.vdu_3.laser_2x") ==
        here + "1, at character 1, 'conv_array.vdu_3.laser_2x': after the device comes 'x'; expected no value: a laser "
               "is dead");
  CHECK(list_message("conv_array.vdu_3.ring_2") ==
        here + "1, at character 1, 'conv_array.vdu_3.ring_2': has no value; expected =VALUE from -1 to 1, such as "
               "ring_4=0.5");
  CHECK(list_message("conv_array.vdu_3.ring_2=1.5") ==
        here + "1, at character 1, 'conv_array.vdu_3.ring_2=1.5': '1.5' is no value for it; expected =VALUE from -1 to "
               "1, such as ring_4=0.5");
  CHECK(list_message("conv_array.vdu_3.adc_bit_2=2") ==
        here + "1, at character 1, 'conv_array.vdu_3.adc_bit_2=2': '2' is no value for it; expected =0 or =1, such as "
               "adc_bit_5=1");
  CHECK(list_message("conv_array.vdu_3.heater_2=0.3") ==
        here + "1, at character 1, 'conv_array.vdu_3.heater_2=0.3': '0.3' has no unit; expected a length, such as "
               "heater_4=-0.3 nm, or none for faults.detuning");
  CHECK(list_message("conv_array.vdu_3.detector=0.5") ==
        here + "1, at character 1, 'conv_array.vdu_3.detector=0.5': '0.5' is no value for it; expected how many times "
               "noisier, at least 1, such as detector=10, or none for faults.detector_noise");
  CHECK(list_message("fc_array.vdu_3.adc_bit_2=1, conv_array.vdu_3.laser_2, fc_array.vdu_3.adc_bit_2=0") ==
        here + "3, at character 55, 'fc_array.vdu_3.adc_bit_2=0': entry 1 names the same device; expected each device "
               "once");
}

TEST_CASE("faults under other optics, and policies that miss their lanes, are refused at their key") {
  const std::string other = "only physical optics have faults, and run.optics is quantised; expected run.optics: "
                            "physical, or ";
  for (const std::string rate : {"dead_lasers", "stuck_rings", "detuned_heaters", "noisy_detectors", "stuck_adc_bits",
                                 "weight_buffer_flips", "activation_buffer_flips", "partial_sum_buffer_flips"}) {
    CHECK(message_of({std::string("faults.").append(rate).append("=0.1")}) ==
          std::string("--set faults.").append(rate).append(": ").append(other).append("0"));
  }
  CHECK(message_of({"faults.list=conv_array.vdu_3.laser_2"}) == "--set faults.list: " + other + "none");
  CHECK(message_of({"faults.policy=skip_units"}) == "--set faults.policy: " + other + "none");
  CHECK(message_of({"faults.dead_lasers=1.5"}) ==
        "--set faults.dead_lasers: 1.5 is out of range; expected from 0 to 1");
  CHECK(
      message_of({"run.optics=physical", "faults.policy=spare_lanes"})
          .find(
              "faults.spare_lanes: faults.policy: spare_lanes has no lanes to replace any with; expected at least 1") !=
      std::string::npos);
  CHECK(message_of({"run.optics=physical", "faults.spare_lanes=3"}) ==
        "--set faults.spare_lanes: 3 lanes are never used under faults.policy: none; expected 0, or faults.policy: "
        "spare_lanes");
  const std::string quiet = "effects.receiver_noise is off, so that a noisy detector has no noise to make larger; "
                            "expected effects.receiver_noise: on, or no noisy detectors";
  CHECK(message_of({"run.optics=physical", "effects.receiver_noise=off", "faults.noisy_detectors=0.1"}) ==
        "--set faults.noisy_detectors: " + quiet);
  CHECK(message_of({"run.optics=physical", "effects.receiver_noise=off", "faults.list=fc_array.vdu_2.detector"}) ==
        "--set faults.list: " + quiet);
}

TEST_CASE("what the list names goes before what is drawn") {
  const auto drawn = config::damage_of(chip_of({"faults.stuck_rings=1"})).fc.faults;
  REQUIRE(drawn.size() == 500);
  const auto both =
      config::damage_of(chip_of({"faults.stuck_rings=1", "faults.list=fc_array.vdu_4.ring_20=0.125"})).fc.faults;
  REQUIRE(both.size() == 500);
  for (std::size_t i = 0; i < both.size(); ++i) {
    CHECK(both[i].what.value == (i == 220 ? 0.125 : drawn[i].what.value));
  }
}

TEST_CASE("units that calibration finds damaged get no work") {
  const auto found = config::damage_of(
      chip_of({"faults.policy=skip_units", "fc_array.vdus=6",
               "faults.list=fc_array.vdu_0.laser_2, fc_array.vdu_1.heater_3=0.1 nm, fc_array.vdu_2.heater_3=-0.2 nm, "
               "fc_array.vdu_3.detector, fc_array.vdu_5.adc_bit_0=0, fc_array.vdu_5.detector"}));
  CHECK(found.fc.working == std::vector<std::uint32_t>{1, 3, 4});
  CHECK(found.conv.working.empty()); // all
  const std::vector<fault_outcome> expected{fault_outcome::skipped, fault_outcome::kept,    fault_outcome::skipped,
                                            fault_outcome::kept,    fault_outcome::skipped, fault_outcome::skipped};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(found.fc.faults.at(i).outcome == expected[i]);
  }
}

TEST_CASE("spare lanes replace damaged ones as far as they go") {
  const auto found = config::damage_of(
      chip_of({"faults.policy=spare_lanes", "faults.spare_lanes=2",
               "faults.list=conv_array.vdu_0.laser_1, conv_array.vdu_1.laser_0, conv_array.vdu_1.ring_2=0, "
               "conv_array.vdu_1.laser_4, conv_array.vdu_2.laser_5, conv_array.vdu_2.ring_3=1, "
               "conv_array.vdu_3.detector, conv_array.vdu_4.laser_6"}));
  using places = std::vector<std::uint32_t>;
  CHECK(found.conv.places.at(0) == places{0, 5, 2, 3, 4});
  CHECK(found.conv.places.at(1) == places{5, 1, 6, 3, 4}); // none is left for lane 4
  CHECK(found.conv.places.at(2) == places{0, 1, 2, 6, 4}); // lane 5 is damaged itself
  CHECK(found.conv.places.at(3).empty());
  CHECK(found.conv.places.at(4).empty());
  const auto outcome = [&](std::uint32_t unit, fault_kind kind) {
    return fault_of(found.conv.faults, unit, kind).outcome;
  };
  CHECK(outcome(0, fault_kind::dead_laser) == fault_outcome::remapped);
  CHECK(outcome(1, fault_kind::stuck_ring) == fault_outcome::remapped);
  CHECK(outcome(2, fault_kind::dead_laser) == fault_outcome::unused);
  CHECK(outcome(2, fault_kind::stuck_ring) == fault_outcome::remapped);
  CHECK(outcome(3, fault_kind::noisy_detector) == fault_outcome::kept);
  CHECK(outcome(4, fault_kind::dead_laser) == fault_outcome::unused);
  const auto& last_of_1 = *std::find_if(found.conv.faults.begin(), found.conv.faults.end(),
                                        [](const auto& f) { return f.unit == 1 && f.what.place == 4; });
  CHECK(last_of_1.outcome == fault_outcome::kept);
}

TEST_CASE("spare lanes lengthen the waveguide, and change nothing about what is broken") {
  const keys rates{"faults.dead_lasers=0.1", "faults.stuck_rings=0.1"};
  auto more = rates;
  more.insert(more.end(), {"faults.policy=spare_lanes", "faults.spare_lanes=10"});
  const auto plain = chip_of(rates), spare = chip_of(more);
  CHECK(config::rings_on_waveguide(plain, array_kind::fc) == 50);
  CHECK(config::rings_on_waveguide(spare, array_kind::fc) == 60);
  // Ten rings more to pass, and ten pitches of waveguide.
  const double longer_db =
      config::link_of(spare, array_kind::fc).total_loss_db() - config::link_of(plain, array_kind::fc).total_loss_db();
  CHECK(longer_db == Approx(10 * 0.02 + 10 * 15e-4 * 1.0).epsilon(1e-9));
  const auto few = config::damage_of(plain).fc.faults, many = config::damage_of(spare).fc.faults;
  for (const auto& f : few) {
    CHECK(std::any_of(many.begin(), many.end(),
                      [&](const auto& g) { return static_cast<const config::unit_fault&>(g) == f; }));
  }
  CHECK(many.size() > few.size());
}
