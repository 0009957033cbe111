// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/vdu_array.h"

namespace sonic::chip {

vdu_array::vdu_array(const sc_core::sc_module_name& name, transport::array_kind array, const settings& chip)
    : sc_module(name), in("in"), units("vdu"), out_("out", chip.units(array)) {
  units.init(chip.units(array), [&](const char* unit_name, std::size_t) { return new vdu(unit_name, array, chip); });
  in.register_b_transport(this, &vdu_array::b_transport);
  for (std::size_t i = 0; i < units.size(); ++i) {
    out_[i].bind(units[i].in);
  }
}

void vdu_array::b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const auto* work = transport::job_of<transport::burst>(payload);
  if (work == nullptr || work->vdu >= units.size()) {
    payload.set_response_status(::tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  out_[work->vdu]->b_transport(payload, delay);
}

} // namespace sonic::chip
