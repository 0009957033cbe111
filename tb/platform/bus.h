// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>

namespace sonic::platform {

/// An address decoder without time of its own. Every initiator reaches every target; a target sees addresses from 0.
/// Blocking, non-blocking, debug and DMI accesses pass through; nothing is queued here. What reaches no target, or
/// beyond the end of one, gets an address error.
class bus : public sc_core::sc_module {
public:
  explicit bus(const sc_core::sc_module_name& name);

  tlm_utils::multi_passthrough_target_socket<bus> initiators;
  tlm_utils::multi_passthrough_initiator_socket<bus> targets;

  /// Binds the next target to @p size addresses from @p base on. Ranges must not overlap.
  void map(::tlm::tlm_target_socket<32>& target, std::uint64_t base, std::uint64_t size);

private:
  struct range {
    std::uint64_t base, size;
  };
  struct route {
    int initiator;
    std::uint64_t address; ///< as the initiator gave it
  };

  int target_of(const ::tlm::tlm_generic_payload& payload) const;
  void b_transport(int initiator, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(int initiator, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_bw(int target, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  unsigned int transport_dbg(int initiator, ::tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(int initiator, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  void invalidate_direct_mem_ptr(int target, sc_dt::uint64 start, sc_dt::uint64 end);

  std::vector<range> ranges_;                                      ///< one per target
  std::unordered_map<::tlm::tlm_generic_payload*, route> pending_; ///< non-blocking transactions under way
};

} // namespace sonic::platform
