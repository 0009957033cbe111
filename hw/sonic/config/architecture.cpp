// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/architecture.h"

#include <algorithm>

namespace sonic::config {

const array_parameters& architecture::array(array_kind kind) const {
  return kind == array_kind::conv ? conv_array : fc_array;
}

const physics::dac_parameters& architecture::streaming_dac(array_kind kind) const {
  return kind == array_kind::conv ? devices.activation_dac : devices.weight_dac;
}

const physics::dac_parameters& architecture::stationary_dac(array_kind kind) const {
  return kind == array_kind::conv ? devices.weight_dac : devices.activation_dac;
}

double architecture::initiation_interval_ns(array_kind kind) const {
  if (step == step_mode::serial) {
    return fill_latency_ns(kind);
  }
  const double slowest_stage_ns = std::max({streaming_dac(kind).latency_ns, devices.vcsel.latency_ns,
                                            devices.photodetector.latency_ns, devices.adc.latency_ns});
  return step == step_mode::pipelined ? slowest_stage_ns
                                      : std::max(slowest_stage_ns, devices.electro_optic_tuning.latency_ns);
}

double architecture::fill_latency_ns(array_kind kind) const {
  const double light_to_code_ns = devices.vcsel.latency_ns + devices.photodetector.latency_ns + devices.adc.latency_ns;
  if (step == step_mode::pipelined) {
    return streaming_dac(kind).latency_ns + light_to_code_ns;
  }
  return std::max(streaming_dac(kind).latency_ns, stationary_dac(kind).latency_ns) +
         devices.electro_optic_tuning.latency_ns + light_to_code_ns;
}

double architecture::retune_ns() const {
  return step == step_mode::pipelined ? devices.electro_optic_tuning.latency_ns : 0.0;
}

} // namespace sonic::config
