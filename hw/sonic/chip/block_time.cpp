// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/block_time.h"

#include "sonic/tlm/carrier.h"

namespace sonic::chip {

block_time::block_time(const sc_core::sc_module_name& name, double ns_per_cycle)
    : sc_module(name), in("in"), ns_per_cycle_(ns_per_cycle),
      phases_([this](auto& payload, auto& phase, auto& delay) { return in->nb_transport_bw(payload, phase, delay); }) {
  in.register_b_transport(this, &block_time::b_transport);
  in.register_nb_transport_fw(this, &block_time::nb_transport_fw);
}

void block_time::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  auto* job = transport::job_of<transport::stream_job>(payload);
  if (job == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  const sc_core::sc_time taken(ns_per_cycle_ * static_cast<double>(job->cycles), sc_core::SC_NS);
  job->ended = busy_.begin(job->asked, job->epoch) + taken;
  busy_.take_until(job->ended);
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

::tlm::tlm_sync_enum block_time::nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                 sc_core::sc_time& delay) {
  if (phases_.ended_by(payload, phase, delay)) {
    return ::tlm::TLM_COMPLETED;
  }
  b_transport(payload, delay);
  const auto* job = transport::job_of<transport::stream_job>(payload);
  phases_.respond_at(payload, job == nullptr ? sc_core::sc_time_stamp() : job->ended);
  phase = ::tlm::END_REQ;
  return ::tlm::TLM_UPDATED;
}

} // namespace sonic::chip
