// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/block.h"

#include <cstdint>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>

namespace sonic::chip {

/// Electronic adders between the converters and the partial-sum buffer. The sums are already added where they lie
/// (blocks carry rows lent by that buffer), so this block counts the additions and tells the observers.
class accumulator : public sc_core::sc_module {
public:
  explicit accumulator(const sc_core::sc_module_name& name);

  tlm_utils::multi_passthrough_target_socket<accumulator> in; ///< one per unit
  void subscribe(transport::burst_observer& observer) { observers_.push_back(&observer); }

private:
  void b_transport(int unit, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  std::vector<transport::burst_observer*> observers_;
};

} // namespace sonic::chip
