// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/control/dma_channels.h"
#include "sonic/plan/transfer_window.h"
#include "sonic/protocol/target_phases.h"
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
/// A contiguous run becomes transactions of limited length, of which a limited number are under way at once: each is
/// asked for when there is room, and is done when the memory is (by b_transport, whose annotated or waited time counts)
/// and when it has passed the engine's own port. Where the memory grants DMI, a transaction takes the latency that the
/// grant names. Transfers of one direction follow one another.
///
/// By nb_transport on `control`, it is asked and asks by nb_transport at the time at which things happen; loads and
/// stores then share the memory, and ask it in turn.
class dma_engine : public sc_core::sc_module {
public:
  using parameters = dma_port;

  dma_engine(const sc_core::sc_module_name& name, const parameters& port);

  tlm_utils::simple_target_socket<dma_engine> control; ///< transport::transfer_job
  tlm_utils::simple_initiator_socket<dma_engine> mem;  ///< to the memory
  transport::byte_initiator global;                    ///< to the global buffer

  void subscribe(transport::transfer_observer& observer) { observers_.push_back(&observer); }

  [[nodiscard]] std::uint64_t bytes_loaded() const { return bytes_loaded_; }
  [[nodiscard]] std::uint64_t bytes_stored() const { return bytes_stored_; }

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end);
  bool move(const transport::transfer_job& job);
  bool move_run(const transport::transfer_job& job, std::uint64_t address, std::uint8_t* data, std::uint64_t bytes);
  bool access(bool store, std::uint64_t address, std::uint8_t* data, std::uint64_t bytes, sc_core::sc_time& when);
  bool granted(bool store, std::uint64_t address, std::uint64_t bytes);

  [[nodiscard]] sc_core::sc_time passing(std::uint64_t bytes) const; ///< the port

  parameters port_;
  sc_core::sc_time passing_whole_;         ///< of a transaction of full length
  transport::busy_time loading_, storing_; ///< reads and writes have a channel each
  ::tlm::tlm_generic_payload payload_;
  ::tlm::tlm_dmi dmi_;
  bool dmi_valid_ = false;
  plan::transfer_window<sc_core::sc_time> window_; ///< of the transfer under way

  std::vector<transport::transfer_observer*> observers_;
  std::uint64_t bytes_loaded_ = 0;
  std::uint64_t bytes_stored_ = 0;

  // Approximately timed.
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  void serve_loads();
  void serve_stores();
  void done(const transport::transfer_job& job);

  dma_channels channels_;
  protocol::target_phases phases_;
};

} // namespace sonic::chip
