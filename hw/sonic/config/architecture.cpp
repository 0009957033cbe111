// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/architecture.h"

#include <algorithm>
#include <array>

namespace sonic::config {

namespace {

template <std::size_t count, class word>
std::string_view name_of(const std::array<std::string_view, count>& names, word value) {
  return names.at(static_cast<std::size_t>(value));
}

} // namespace

std::string_view to_string(step_mode mode) {
  return name_of(std::array<std::string_view, 3>{"pipelined", "retune_every_step", "serial"}, mode);
}

std::string_view to_string(packing_mode mode) {
  return name_of(std::array<std::string_view, 2>{"kernel_slice", "whole_kernel"}, mode);
}

std::string_view to_string(compression_mode mode) {
  return name_of(std::array<std::string_view, 2>{"both", "none"}, mode);
}

std::string_view to_string(modulator_kind kind) {
  return name_of(std::array<std::string_view, 2>{"vcsel", "microring"}, kind);
}

std::string_view to_string(gating_mode mode) {
  return name_of(std::array<std::string_view, 3>{"none", "vcsel", "vcsel_and_dac"}, mode);
}

std::string_view to_string(batch_norm_place place) {
  return name_of(std::array<std::string_view, 2>{"ring", "electronic"}, place);
}

std::string_view to_string(heater_command command) {
  return name_of(std::array<std::string_view, 2>{"separate", "collective"}, command);
}

std::string_view to_string(fault_policy policy) {
  return name_of(std::array<std::string_view, 3>{"none", "skip_units", "spare_lanes"}, policy);
}

std::string_view to_string(block_model model) {
  return name_of(std::array<std::string_view, 3>{"transaction", "rtl", "lock_step"}, model);
}

std::string_view to_string(optics_mode mode) {
  return name_of(std::array<std::string_view, 3>{"ideal", "quantised", "physical"}, mode);
}

std::string_view to_string(timing_mode mode) {
  return name_of(std::array<std::string_view, 3>{"functional", "loosely_timed", "approximately_timed"}, mode);
}

std::string_view to_string(accounting_mode mode) {
  return name_of(std::array<std::string_view, 2>{"published", "full"}, mode);
}

std::string_view to_string(source_kind kind) {
  return name_of(std::array<std::string_view, 5>{"published", "derived", "estimated", "unstated", "default"}, kind);
}

const array_parameters& architecture::array(array_kind kind) const {
  return kind == array_kind::conv ? conv_array : fc_array;
}

const physics::dac_parameters& architecture::streaming_dac(array_kind kind) const {
  return kind == array_kind::conv ? devices.activation_dac : devices.weight_dac;
}

const physics::dac_parameters& architecture::stationary_dac(array_kind kind) const {
  return kind == array_kind::conv ? devices.weight_dac : devices.activation_dac;
}

double architecture::modulation_latency_ns() const {
  return modulator == modulator_kind::vcsel ? devices.vcsel.latency_ns : devices.electro_optic_tuning.latency_ns;
}

double architecture::initiation_interval_ns(array_kind kind) const {
  return single_pass_ns(kind) * passes;
}

double architecture::fill_latency_ns(array_kind kind) const {
  return whole_path_ns(kind) + (passes - 1) * single_pass_ns(kind);
}

double architecture::single_pass_ns(array_kind kind) const {
  if (step == step_mode::serial) {
    return whole_path_ns(kind);
  }
  const double slowest_stage_ns =
      std::max({streaming_dac(kind).latency_ns, modulation_latency_ns(), devices.photodetector.latency_ns,
                devices.adc.latency_ns / array(kind).adcs});
  return step == step_mode::pipelined ? slowest_stage_ns
                                      : std::max(slowest_stage_ns, devices.electro_optic_tuning.latency_ns);
}

double architecture::whole_path_ns(array_kind kind) const {
  const double light_to_code_ns = modulation_latency_ns() + devices.photodetector.latency_ns + devices.adc.latency_ns;
  if (step == step_mode::pipelined) {
    return streaming_dac(kind).latency_ns + light_to_code_ns;
  }
  return std::max(streaming_dac(kind).latency_ns, stationary_dac(kind).latency_ns) +
         devices.electro_optic_tuning.latency_ns + light_to_code_ns;
}

double architecture::ns_per_byte(const buffer_parameters& buffer) const {
  const double bytes_per_cycle = static_cast<double>(buffer.banks) * buffer.ports * buffer.bytes_per_cycle;
  return 1.0 / (digital.clock_ghz * bytes_per_cycle);
}

double architecture::retune_ns() const {
  return step == step_mode::pipelined ? devices.electro_optic_tuning.latency_ns : 0.0;
}

} // namespace sonic::config
