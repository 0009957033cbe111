// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/stage.h"

namespace sonic::chip {

optical_stage::optical_stage(const sc_core::sc_module_name& name, const sc_core::sc_time& latency)
    : sc_module(name), in("in"), out("out"), latency_(latency) {
  in.register_b_transport(this, &optical_stage::b_transport);
}

void optical_stage::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  auto* work = transport::job_of<transport::burst>(payload);
  if (work == nullptr) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  process(*work);
  delay += latency_;
  out->b_transport(payload, delay);
}

} // namespace sonic::chip
