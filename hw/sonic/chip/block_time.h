// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/target_phases.h"
#include "sonic/tlm/busy_time.h"
#include "sonic/tlm/jobs.h"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// When blocks that count cycles are done, the decoders of rows or the accumulators: what a tile asks of them, in
/// cycles of the one with the most, follows what the tile before asked.
class block_time : public sc_core::sc_module {
public:
  /// @param ns_per_cycle a product with it is rounded once to the time resolution
  block_time(const sc_core::sc_module_name& name, double ns_per_cycle);

  tlm_utils::simple_target_socket<block_time> in; ///< transport::stream_job

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);

  double ns_per_cycle_;
  transport::busy_time busy_;
  protocol::target_phases phases_;
};

} // namespace sonic::chip
