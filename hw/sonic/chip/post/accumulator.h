// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/accumulators.h"
#include "sonic/tlm/block.h"
#include "sonic/tlm/byte_initiator.h"

#include <cstdint>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>

namespace sonic::chip {

/// Electronic adders between the converters and the partial-sum buffer. The sums are already added where they lie
/// (blocks carry rows lent by that buffer), so this block counts the additions and tells the observers; unless a twin
/// keeps the sums, which it hands the codes of each block.
class accumulator : public sc_core::sc_module {
public:
  /// @param adders must outlive it
  accumulator(const sc_core::sc_module_name& name, digital::accumulators& adders);

  tlm_utils::multi_passthrough_target_socket<accumulator> in; ///< one per unit
  transport::byte_initiator sums;                             ///< to the partial-sum buffer
  void subscribe(transport::burst_observer& observer) { observers_.push_back(&observer); }

private:
  void b_transport(int unit, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  void accumulate(const transport::burst& done);

  digital::accumulators& adders_;
  std::vector<transport::burst_observer*> observers_;
};

} // namespace sonic::chip
