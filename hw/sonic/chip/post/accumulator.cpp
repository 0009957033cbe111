// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/post/accumulator.h"

#include "sonic/tlm/carrier.h"

namespace sonic::chip {

accumulator::accumulator(const sc_core::sc_module_name& name) : sc_module(name), in("in") {
  in.register_b_transport(this, &accumulator::b_transport);
}

void accumulator::b_transport(int /*unit*/, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
  const auto* done = transport::job_of<transport::burst>(payload);
  if (done == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  for (auto* observer : observers_) {
    observer->burst_done(*done);
  }
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

} // namespace sonic::chip
