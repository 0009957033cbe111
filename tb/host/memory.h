// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::host {

/// The testbench's main memory: bytes from address 0, with DMI if asked. The DMA engine charges bandwidth and latency
/// of the configured memory; this model adds none of its own.
class memory : public sc_core::sc_module {
public:
  memory(const sc_core::sc_module_name& name, std::uint64_t bytes, bool grant_dmi = true);

  tlm_utils::simple_target_socket<memory> port;

  /// The whole memory, for loading images and reading results without simulated time.
  std::span<std::uint8_t> bytes() { return storage_; }

private:
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  std::uint64_t move(::tlm::tlm_generic_payload& payload, std::uint64_t length);

  std::vector<std::uint8_t> storage_;
  bool grant_dmi_;
};

} // namespace sonic::host
