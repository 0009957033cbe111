// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/vdu.h"

#include "sonic/plan/times.h"

#include <algorithm>

namespace sonic::chip {

vdu::vdu(const sc_core::sc_module_name& name, transport::array_kind array, std::size_t unit, const settings& chip)
    : sc_module(name), in("in"), results("results"), timing_(chip.step(array)), light_("light"), codes_("codes"),
      streaming_dac_bank_("streaming_dac_bank", dac_bank::operand::streaming, timing_.streaming_dac),
      vcsel_bank_("vcsel_bank", chip.gate_lanes, timing_.vcsel),
      stationary_dac_bank_("stationary_dac_bank", dac_bank::operand::stationary, sc_core::SC_ZERO_TIME),
      microring_bank_("microring_bank", timing_.imprint_every_symbol, chip.light(array), unit),
      broadband_microring_("broadband_microring", chip.ring_levels),
      photodetector_("photodetector", timing_.photodetector),
      adc_("adc", chip.full_code, chip.lanes(array), timing_.adc, chip.light(array), unit),
      phases_([this](auto& payload, auto& phase, auto& delay) { return in->nb_transport_bw(payload, phase, delay); }) {
  in.register_b_transport(this, &vdu::b_transport);
  in.register_nb_transport_fw(this, &vdu::nb_transport_fw);
  codes_.register_b_transport(this, &vdu::forward);
  light_.bind(streaming_dac_bank_.in);
  streaming_dac_bank_.out.bind(vcsel_bank_.in);
  vcsel_bank_.out.bind(stationary_dac_bank_.in);
  stationary_dac_bank_.out.bind(microring_bank_.in);
  microring_bank_.out.bind(broadband_microring_.in);
  broadband_microring_.out.bind(photodetector_.in);
  photodetector_.out.bind(adc_.in);
  adc_.out.bind(codes_);
}

void vdu::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  light_->b_transport(payload, delay);
}

::tlm::tlm_sync_enum vdu::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                          sc_core::sc_time& delay) {
  if (phases_.ended_by(payload, phase, delay)) {
    return ::tlm::TLM_COMPLETED;
  }
  sc_core::sc_time taken;
  b_transport(payload, taken);
  const auto& work = *transport::job_of<transport::burst>(payload);
  phases_.respond_at(payload, work.ended);
  if (work.started > sc_core::sc_time_stamp()) {
    phases_.accept_at(payload, work.started);
    return ::tlm::TLM_ACCEPTED;
  }
  phase = ::tlm::END_REQ;
  return ::tlm::TLM_UPDATED;
}

void vdu::forward(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  // The codes of the burst arrive: what it did is known, and with it the time that it took.
  auto& work = *transport::job_of<transport::burst>(payload);
  const auto now = sc_core::sc_time_stamp();
  work.started = busy_.begin(work.issued, work.epoch);
  // Step modes that imprint for every symbol have the imprint in their interval.
  const auto retuning =
      timing_.imprint_every_symbol ? sc_core::SC_ZERO_TIME : timing_.retune * static_cast<double>(work.actions.retunes);
  const plan::burst_end through(work.started, retuning, timing_.interval * static_cast<double>(work.actions.symbols),
                                timing_.interval, timing_.pipeline);
  busy_.take_until(through.freed);
  work.retuned = through.retuning;
  work.freed = through.freed;
  work.ended = through.ended;
  delay = std::max(work.ended, now) - now;
  results->b_transport(payload, delay);
}

} // namespace sonic::chip
