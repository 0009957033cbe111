// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/block.h"
#include "sonic/tlm/carrier.h"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// One device bank on the path of a burst: does its part, adds its latency, hands the burst on.
class optical_stage : public sc_core::sc_module {
public:
  /// @param latency from a symbol at the input to the same symbol at the output
  optical_stage(const sc_core::sc_module_name& name, const sc_core::sc_time& latency);

  tlm_utils::simple_target_socket<optical_stage> in;
  tlm_utils::simple_initiator_socket<optical_stage> out;

protected:
  /// What this bank does to the burst: counts its actions, shapes the light.
  virtual void process(transport::burst& work) = 0;

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  sc_core::sc_time latency_;
};

} // namespace sonic::chip
