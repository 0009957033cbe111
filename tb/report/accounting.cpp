// SPDX-License-Identifier: Apache-2.0
#include "tb/report/accounting.h"

namespace sonic::report {

namespace {

constexpr double bits_per_byte = 8.0;
constexpr double mw_per_uw = 1e-3;

energy::array_table array_of(const config::architecture& a, config::array_kind kind) {
  const auto& devices = a.devices;
  energy::array_table t;
  t.units = a.array(kind).vdus;
  t.lanes = a.array(kind).lanes;
  t.interval_ns = a.initiation_interval_ns(kind);
  t.retune_ns = a.retune_ns();
  t.vcsel_mw = devices.vcsel.power_mw;
  t.streaming_dac_mw = a.streaming_dac(kind).power_mw;
  t.stationary_dac_mw = a.stationary_dac(kind).power_mw;
  t.photodetector_mw = devices.photodetector.power_mw * a.array(kind).waveguides;
  t.adc_mw = devices.adc.power_mw * a.array(kind).adcs;
  t.electro_optic_mw =
      devices.electro_optic_tuning.power_uw_per_nm * mw_per_uw * devices.electro_optic_tuning.maximum_shift_nm;
  t.slices = devices.microring.slices;
  t.modulators = a.rings_of_stream();
  t.streaming_bytes = a.streaming_dac(kind).bits / bits_per_byte;
  t.stationary_bytes = a.stationary_dac(kind).bits / bits_per_byte;
  t.streams_activations = kind == config::array_kind::conv;
  return t;
}

energy::buffer_table buffer_of(const config::buffer_parameters& b) {
  return {b.read_pj_per_byte, b.write_pj_per_byte, b.leakage_mw};
}

energy::array_actions actions_of(const core::activity::array& a) {
  return {a.stream_lane_symbols, a.gated_lane_symbols, a.held_lane_symbols, a.imprinted_rings, a.symbols,
          a.ring_retunes};
}

energy::chip_actions actions_of(const core::activity& done) {
  return {done.bytes_loaded, done.bytes_stored, done.weight_bytes, done.activation_bytes, done.post_elements};
}

} // namespace

energy::table energy_table(const config::architecture& a) {
  energy::table t;
  t.conv = array_of(a, config::array_kind::conv);
  t.fc = array_of(a, config::array_kind::fc);
  t.gate_dac = a.gating == config::gating_mode::vcsel_and_dac;
  t.idle_fraction = a.idle_power_fraction;
  t.full = a.run.accounting == config::accounting_mode::full;
  t.amplifier_mw = a.receiver.amplifier_mw;
  t.detector_arms = a.receiver.arms;
  t.broadband_dac_mw = a.batch_norm == config::batch_norm_place::ring ? a.devices.broadband_microring.power_mw : 0.0;
  t.broadband_rings = a.devices.broadband_microring.rings;
  t.heater_mw = a.devices.thermo_optic_tuning.power_mw_per_fsr * a.tuning.fabrication_drift_nm /
                a.devices.microring.free_spectral_range_nm * a.tuning.collective_factor;
  t.global_buffer = buffer_of(a.buffers.global_buffer);
  t.weight_buffer = buffer_of(a.buffers.weight_buffer);
  t.activation_buffer = buffer_of(a.buffers.activation_buffer);
  t.partial_sum_buffer = buffer_of(a.buffers.partial_sum_buffer);
  t.memory_pj_per_byte = a.memory.energy_pj_per_byte;
  t.accumulator_pj = a.digital.accumulator_pj;
  t.post_processor_pj = a.digital.post_processor_pj;
  t.control_mw = a.digital.control_mw;
  return t;
}

double heaters_mw(const config::architecture& a) {
  const auto t = energy_table(a);
  return energy::heaters_mw(t, t.conv) + energy::heaters_mw(t, t.fc);
}

energy::report energy_of(const energy::table& table, const core::activity& done, double elapsed_ns) {
  return energy::evaluate(table, actions_of(done.conv), actions_of(done.fc), actions_of(done), elapsed_ns);
}

double total_pj_of(const energy::table& table, const core::activity& done, double elapsed_ns) {
  return energy::total_pj(table, actions_of(done.conv), actions_of(done.fc), actions_of(done), elapsed_ns);
}

energy::device_counts devices_of(const config::architecture& a) {
  using config::array_kind;
  energy::device_counts n;
  const bool filters = a.batch_norm == config::batch_norm_place::ring;
  for (const auto kind : {array_kind::conv, array_kind::fc}) {
    const auto units = static_cast<std::uint64_t>(a.array(kind).vdus);
    const auto lanes = units * static_cast<std::uint64_t>(a.lanes_built(kind));
    const auto arms = static_cast<std::uint64_t>(a.receiver.arms);
    const auto waveguides = units * arms * static_cast<std::uint64_t>(a.array(kind).waveguides);
    n.vcsels += lanes;
    const auto rings_of_lane =
        static_cast<std::uint64_t>(a.devices.microring.slices) * arms + static_cast<std::uint64_t>(a.rings_of_stream());
    n.microrings += lanes * rings_of_lane + units * static_cast<std::uint64_t>(a.devices.broadband_microring.rings);
    n.photodetectors += waveguides;
    n.amplifiers += units * arms;
    n.activation_dacs += lanes;
    n.weight_dacs += lanes + (kind == array_kind::conv && filters ? units : 0);
    n.adcs += units * static_cast<std::uint64_t>(a.array(kind).adcs);
  }
  n.global_buffer_bytes = a.buffers.global_buffer.bytes;
  n.weight_buffer_bytes = a.buffers.weight_buffer.bytes;
  n.activation_buffer_bytes = a.buffers.activation_buffer.bytes;
  n.partial_sum_buffer_bytes = a.buffers.partial_sum_buffer.bytes;
  return n;
}

double parameter_bits(std::int64_t parameters) {
  constexpr double bits_each = 16.0;
  return static_cast<double>(parameters) * bits_each;
}

double operand_bits(const config::architecture& a, const core::activity& done) {
  double bits = 0.0;
  for (const auto kind : {config::array_kind::conv, config::array_kind::fc}) {
    const auto& actions = kind == config::array_kind::conv ? done.conv : done.fc;
    bits += static_cast<double>(actions.stream_lane_symbols) * a.streaming_dac(kind).bits +
            static_cast<double>(actions.imprinted_rings) * a.stationary_dac(kind).bits;
  }
  return bits + static_cast<double>(done.post_elements) * a.devices.activation_dac.bits;
}

} // namespace sonic::report
