// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/busy_time.h"
#include "sonic/tlm/byte_initiator.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
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

/// An on-chip memory. Accesses outside it are address errors.
///
/// Reads and writes of bytes annotate the time of one stream that keeps all banks busy. A transport::stream_job is what
/// many units read or write side by side: its requesters meet at the banks, and such streams follow one another.
class buffer : public sc_core::sc_module {
public:
  buffer(const sc_core::sc_module_name& name, std::uint64_t bytes, const buffer_timing& timing);

  tlm_utils::multi_passthrough_target_socket<buffer> port;

  [[nodiscard]] std::uint64_t capacity() const { return storage_.size(); }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }

protected:
  /// Subclasses that understand further jobs answer them here.
  virtual void run_job(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  /// Subclasses that lend their memory say so here; the default denies direct access.
  virtual bool lend(::tlm::tlm_dmi& dmi);

  std::vector<std::uint8_t>& storage() { return storage_; }
  [[nodiscard]] const buffer_timing& timing() const { return timing_; }
  void count_write(std::uint64_t bytes) { bytes_written_ += bytes; }
  void count_read(std::uint64_t bytes) { bytes_read_ += bytes; }

private:
  void b_transport(int port_index, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned int transport_dbg(int port_index, ::tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(int port_index, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  [[nodiscard]] bool contains(const ::tlm::tlm_generic_payload& payload) const;

  void pass(transport::stream_job& job);

  std::vector<std::uint8_t> storage_;
  buffer_timing timing_;
  transport::busy_time streaming_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_written_ = 0;
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

private:
  sc_core::sc_time upstream_latency_;
};

} // namespace sonic::chip
