// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/target_phases.h"
#include "sonic/tlm/busy_time.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>

namespace sonic::chip {

/// Time of an on-chip memory of interleaved banks.
struct buffer_timing {
  sc_core::sc_time latency; ///< first word
  double ns_per_byte = 0;   ///< then, with all banks busy
  std::uint64_t banks = 1, ports = 1;
};

/// An on-chip memory. Accesses outside it are address errors. It lends its memory by get_direct_mem_ptr to blocks whose
/// accesses are charged as streams.
///
/// Reads and writes of bytes annotate the time of one stream that keeps all banks busy. A transport::stream_job is what
/// many units read or write side by side: its requesters meet at the banks, and such streams follow one another.
///
/// By nb_transport, which takes jobs alone, everything shares the banks: what is first (fills, the post-processor's
/// reads) goes at once, and the streams under way end so much later.
class buffer : public sc_core::sc_module {
public:
  buffer(const sc_core::sc_module_name& name, std::uint64_t bytes, const buffer_timing& timing);

  tlm_utils::multi_passthrough_target_socket<buffer> port;

  [[nodiscard]] std::uint64_t capacity() const { return storage_.size(); }

protected:
  /// Subclasses that understand further jobs answer them here.
  virtual void run_job(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  /// Approximately timed: answers a job at its time. Subclasses that understand further jobs answer them here.
  virtual void schedule_job(::tlm::tlm_generic_payload& payload);
  void answer_at(::tlm::tlm_generic_payload& payload, const sc_core::sc_time& when) {
    phases_.respond_at(payload, when);
  }

  /// Takes the banks for so long before what is under way.
  void go_first(const sc_core::sc_time& taken);

  std::vector<std::uint8_t>& storage() { return storage_; }
  [[nodiscard]] const buffer_timing& timing() const { return timing_; }

private:
  void b_transport(int port_index, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_fw(int port_index, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  ::tlm::tlm_sync_enum nb_transport_bw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  unsigned int transport_dbg(int port_index, ::tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(int port_index, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  [[nodiscard]] bool contains(const ::tlm::tlm_generic_payload& payload) const;

  [[nodiscard]] sc_core::sc_time taken_by(const transport::stream_job& job) const;
  void pass(transport::stream_job& job);
  void answer_streams();
  void wait_for_stream();

  std::vector<std::uint8_t> storage_;
  buffer_timing timing_;
  transport::busy_time streaming_;
  struct stream {
    ::tlm::tlm_generic_payload* payload;
    transport::stream_job* job;
    sc_core::sc_time ends; ///< absolute
  };
  std::deque<stream> streams_; ///< under way, one after the other; approximately timed
  sc_core::sc_event stream_ends_;
  std::unordered_map<const ::tlm::tlm_generic_payload*, int> came_by_; ///< port of each transaction under way
  protocol::target_phases phases_;
};

/// A buffer next to a consumer, filled from the global buffer on request (transport::fill_job). Bytes pass through as
/// they arrive: a fill ends as late as the last byte arrives or, where this buffer is slower, has been written, and
/// then the latencies of both buffers.
class fed_buffer : public buffer {
public:
  /// @param upstream_latency first word of the global buffer
  fed_buffer(const sc_core::sc_module_name& name, std::uint64_t bytes, const buffer_timing& timing,
             const sc_core::sc_time& upstream_latency);

  transport::byte_initiator upstream; ///< to the global buffer

protected:
  void run_job(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  void schedule_job(::tlm::tlm_generic_payload& payload) override;

private:
  sc_core::sc_time upstream_latency_;
};

} // namespace sonic::chip
