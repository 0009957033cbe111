// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/payload_pool.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include <systemc>
#include <tlm>

namespace sonic::chip {

/// The dma_engine's own port.
struct dma_port {
  std::uint64_t transaction_bytes = 1;
  std::size_t outstanding = 1; ///< transactions
  double ns_per_byte = 0.0;    ///< a product with it is rounded once to the time resolution
};

/// The dma_engine, approximately timed: loads and stores, each one transfer after the other, as transactions under way
/// at the same time. Both ask the memory by nb_transport, in turn if both want to.
class dma_channels {
public:
  using forward =
      std::function<::tlm::tlm_sync_enum(::tlm::tlm_generic_payload&, ::tlm::tlm_phase&, sc_core::sc_time&)>;

  /// @param to_memory nb_transport_fw of the socket to the memory
  dma_channels(const dma_port& port, transport::byte_initiator& global, forward to_memory)
      : port_(port), global_(global), to_memory_(std::move(to_memory)) {}

  dma_channels(const dma_channels&) = delete;
  dma_channels& operator=(const dma_channels&) = delete;
  ~dma_channels();

  /// Takes a transfer_job; false if the payload has none.
  bool take(::tlm::tlm_generic_payload& payload);
  /// From a thread: the next load or store, which ends now.
  ::tlm::tlm_generic_payload& serve(bool store);
  std::function<void(const transport::transfer_job&)> on_begun;
  /// nb_transport_bw of the socket to the memory.
  ::tlm::tlm_sync_enum answer(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase, sc_core::sc_time& delay);

private:
  struct transaction {
    ::tlm::tlm_generic_payload* payload = nullptr;
    bool answered = false;
    sc_core::sc_time when{}; ///< absolute, of the answer
  };
  struct channel {
    std::deque<::tlm::tlm_generic_payload*> jobs; ///< not yet begun
    std::deque<transaction> under_way;            ///< in order
    sc_core::sc_time passed;                      ///< absolute: the port is free
    std::vector<std::uint8_t> staging;
    bool failed = false;
    bool wants = false; ///< to ask for a transaction
    sc_core::sc_event changed;
  };
  void move(channel& mine, const transport::transfer_job& job);
  bool ask(channel& mine, const transport::transfer_job& job, std::uint64_t address, std::uint8_t* data,
           std::uint64_t bytes);
  void wait_for_turn(channel& mine);
  void complete_first(channel& mine) const;
  void accepted(const sc_core::sc_time& delay);
  void answered(::tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);

  dma_port port_;
  transport::byte_initiator& global_;
  forward to_memory_;
  std::array<channel, 2> channels_; ///< loads, stores
  protocol::payload_pool pool_;
  ::tlm::tlm_generic_payload* requesting_ = nullptr; ///< between BEGIN_REQ and END_REQ
  sc_core::sc_time accepts_;                         ///< absolute: from when the memory takes another request
  sc_core::sc_event turn_;                           ///< the memory takes another request, or one has been made
  const channel* last_ = &channels_[1];              ///< that asked
};

} // namespace sonic::chip
