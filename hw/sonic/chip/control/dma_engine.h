// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/busy_time.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/carrier.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <span>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::chip {

/// Moves patterns of bytes between the memory behind `mem` and the global buffer.
///
/// Uses DMI where the memory grants it, else b_transport with one transaction per contiguous run. A transfer takes the
/// larger of its own port's time (latency, then bytes at the port's bandwidth) and the time that the memory annotates;
/// transfers of
/// one direction follow one another.
class dma_engine : public sc_core::sc_module {
public:
  dma_engine(const sc_core::sc_module_name& name, const sc_core::sc_time& latency, double ns_per_byte);

  tlm_utils::simple_target_socket<dma_engine> control; ///< transport::transfer_job
  tlm_utils::simple_initiator_socket<dma_engine> mem;  ///< to the memory
  transport::byte_initiator global;                    ///< to the global buffer

  [[nodiscard]] std::uint64_t bytes_loaded() const { return bytes_loaded_; }
  [[nodiscard]] std::uint64_t bytes_stored() const { return bytes_stored_; }

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end);
  bool move(transport::transfer_job& job, sc_core::sc_time& memory_time);
  bool access(bool store, std::uint64_t address, std::uint8_t* data, std::uint64_t bytes,
              sc_core::sc_time& memory_time);
  bool granted(bool store, std::uint64_t address, std::uint64_t bytes);

  sc_core::sc_time latency_;
  double ns_per_byte_;                     ///< a product with it is rounded once to the time resolution
  transport::busy_time loading_, storing_; ///< reads and writes have a channel each
  ::tlm::tlm_generic_payload payload_;
  ::tlm::tlm_dmi dmi_;
  bool dmi_valid_ = false;
  std::vector<std::uint8_t> staging_;
  std::uint64_t bytes_loaded_ = 0;
  std::uint64_t bytes_stored_ = 0;
};

} // namespace sonic::chip
