// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/vdu.h"

#include <systemc>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// The CONV or the FC units: hands each burst to the unit it names.
class vdu_array : public sc_core::sc_module {
public:
  vdu_array(const sc_core::sc_module_name& name, transport::array_kind array, const settings& chip);

  tlm_utils::simple_target_socket<vdu_array> in;
  sc_core::sc_vector<vdu> units; ///< public for the composition root, which binds their results

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  sc_core::sc_vector<tlm_utils::simple_initiator_socket<vdu_array>> out_;
};

} // namespace sonic::chip
