// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/link.h"

#include "sonic/physics/decibel.h"

namespace sonic::config {

int rings_on_waveguide(const architecture& a, array_kind kind) {
  const int waveguides = a.array(kind).waveguides;
  return (a.lanes_built(kind) + waveguides - 1) / waveguides;
}

physics::receiver_parameters receiver_of(const architecture& a) {
  constexpr double a_per_na = 1e-9;
  constexpr double quiet_db_per_hz = -1e4; // whose ratio is 0
  return {a.devices.photodetector.responsivity_a_per_w, a.devices.photodetector.dark_current_na * a_per_na,
          a.receiver.load_ohm, a.receiver.temperature_k,
          a.effects.intensity_noise ? a.devices.vcsel.intensity_noise_db_per_hz : quiet_db_per_hz};
}

double symbol_rate_hz(const architecture& a, array_kind kind) {
  constexpr double ns_per_s = 1e9;
  return ns_per_s / a.initiation_interval_ns(kind);
}

double laser_mw(const architecture& a) {
  return a.devices.vcsel.power_mw * a.devices.vcsel.efficiency;
}

physics::link_budget link_of(const architecture& a, array_kind kind) {
  constexpr double cm_per_nm = 1e-7;
  const int rings = rings_on_waveguide(a, kind);
  physics::optical_path path;
  path.combiner_db = a.path.combiner_db;
  path.branches = a.receiver.arms; // a bank and a detector each
  path.splitter_excess_db_per_stage = a.path.splitter_db;
  path.propagation_db_per_cm = a.path.propagation_db_per_cm;
  path.length_cm = rings * a.path.ring_pitch_nm * cm_per_nm;
  path.ring_db = a.path.ring_db;
  path.ring_passed_db = a.path.ring_passed_db;
  path.rings_passed = rings - 1;
  path.broadband_ring_db = a.path.broadband_ring_db;
  path.penalty_db = a.path.margin_db;
  return physics::budget_of(
      path, physics::dbm_of_mw(laser_mw(a)),
      physics::sensitivity_dbm(receiver_of(a), a.receiver.required_bits, symbol_rate_hz(a, kind)));
}

double lane_mw(const architecture& a, array_kind kind) {
  const auto link = link_of(a, kind);
  return physics::mw_of_dbm(link.received_dbm() + link.loss_db(physics::loss_term::penalty));
}

physics::bank_design bank_design_of(const architecture& a, array_kind kind) {
  const auto& array = a.array(kind);
  const auto& converter = a.stationary_dac(kind);
  const int tuning_bits = a.devices.electro_optic_tuning.bits;
  physics::bank_design design;
  design.ring = a.devices.microring;
  design.lanes = static_cast<std::uint32_t>(a.lanes_built(kind));
  design.waveguides = static_cast<std::uint32_t>(array.waveguides);
  design.spacing_nm = a.devices.microring.spacing_nm;
  design.range_nm = a.devices.electro_optic_tuning.maximum_shift_nm;
  if (a.effects.imprint_steps) {
    design.steps = largest_code(tuning_bits > 0 ? tuning_bits : converter.bits);
  }
  if (a.effects.converter_nonlinearity) {
    design.bow = converter.nonlinearity_lsb / largest_code(converter.bits);
  }
  design.crosstalk = a.effects.crosstalk;
  design.predistort = a.tuning.predistort;
  return design;
}

} // namespace sonic::config
