// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/key_rows.h"

#include <utility>

namespace sonic::config {

namespace {

using physics::fault_kind;

void add_rate(std::vector<key>& rows, std::string_view name, std::string_view description, fault_kind kind) {
  rows.push_back(number_row(
      std::string("faults.").append(name), dimension::ratio, {0, 1}, description,
      [which = static_cast<std::size_t>(kind)](architecture& chip) -> double& {
        return chip.faults.rates.probability.at(which);
      },
      "0"));
}

} // namespace

void add_faults(std::vector<key>& rows) {
  add_rate(rows, "dead_lasers", "Probability that the laser of a lane is dead", fault_kind::dead_laser);
  add_rate(rows, "stuck_rings", "Probability that the rings of a lane hold one value, whatever is imprinted",
           fault_kind::stuck_ring);
  add_rate(rows, "detuned_heaters", "Probability that the heaters of a lane's rings are off by faults.detuning",
           fault_kind::detuned_heater);
  rows.push_back(number_row(
      "faults.detuning", dimension::length, {0, 1000}, "How far rings of a detuned heater are off, to either side",
      [](architecture& chip) -> double& { return chip.faults.rates.detuning_nm; }, "0.2 nm"));
  add_rate(rows, "noisy_detectors", "Probability that the detector of a unit is noisy", fault_kind::noisy_detector);
  rows.push_back(number_row(
      "faults.detector_noise", dimension::ratio, {1, 1e6},
      "Standard deviation of the receiver's noise of a noisy detector, over that of a sound one",
      [](architecture& chip) -> double& { return chip.faults.rates.detector_noise; }, "10"));
  add_rate(rows, "stuck_adc_bits", "Probability that one bit of a unit's ADC is stuck at 0 or at 1",
           fault_kind::stuck_adc_bit);
  const auto add_flips = [&rows](std::string_view name, std::string_view description, double fault_parameters::*which) {
    rows.push_back(number_row(
        std::string("faults.").append(name), dimension::ratio, {0, 1}, description,
        [which](architecture& chip) -> double& { return chip.faults.*which; }, "0"));
  };
  add_flips("weight_buffer_flips", "Probability that a bit of a weight's code is read wrongly, at each tile",
            &fault_parameters::weight_buffer_flips);
  add_flips("activation_buffer_flips", "Probability that a bit of an activation is read wrongly, at each tile",
            &fault_parameters::activation_buffer_flips);
  add_flips("partial_sum_buffer_flips", "Probability that a bit of a complete partial sum is read wrongly",
            &fault_parameters::partial_sum_buffer_flips);
  rows.push_back(
      {"faults.list",
       "Single devices, apart by commas: ARRAY.vdu_N. with laser_L, ring_L=VALUE, heater_L, heater_L=LENGTH, "
       "detector, detector=TIMES or adc_bit_B=0 or 1, such as 'conv_array.vdu_3.laser_2, "
       "conv_array.vdu_1.ring_4=0.5'; or none",
       "none", text_key{[](architecture& chip, std::string text) { chip.faults.list = std::move(text); }}});
  rows.push_back(choice_row<fault_policy>(
      "faults.policy", {fault_policy::none, fault_policy::skip_units, fault_policy::spare_lanes},
      "What is done about damage that calibration finds. none: units compute with it; skip_units: damaged units get no "
      "work; spare_lanes: damaged lanes are replaced",
      [](architecture& chip) -> fault_policy& { return chip.faults.policy; }, "none"));
  rows.push_back(number_row(
      "faults.spare_lanes", dimension::count, {0, 1024},
      "Lanes that a unit has beyond those of its vectors, for faults.policy: spare_lanes",
      [](architecture& chip) -> int& { return chip.faults.spare_lanes; }, "0"));
}

} // namespace sonic::config
