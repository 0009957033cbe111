// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/protocol/target_phases.h"
#include "tb/host/dram_timing.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

namespace sonic::config {
struct architecture;
}

namespace sonic::host {

/// The testbench's main memory: bytes from address 0. With the time of a DRAM, which accesses annotate; or without
/// time, and then with DMI if asked. By nb_transport, requests are accepted at once and answered at their time.
class memory : public sc_core::sc_module {
public:
  struct behaviour {
    std::optional<dram_timing::parameters> time; ///< none: accesses take no time
    bool grant_dmi = false;                      ///< only without time, which DMI would pass by
    /// With time: DRAMs side by side that do not wait for one another, behind the same bytes; and which of them an
    /// access is for. None: the first.
    std::size_t channels = 1;
    std::function<std::size_t(const ::tlm::tlm_generic_payload&)> channel_of = {};
  };
  memory(const sc_core::sc_module_name& name, std::uint64_t bytes, const behaviour& how);

  tlm_utils::simple_target_socket<memory> port;

  /// The whole memory, for loading images and reading results without simulated time.
  std::span<std::uint8_t> bytes() { return storage_; }

  /// Each run begins alike: no row of the channel is open.
  void close_rows(std::size_t channel = 0);

  [[nodiscard]] std::size_t channels() const { return timing_.size(); }
  [[nodiscard]] std::uint64_t contended() const { return timing_.empty() ? 0 : timing_.front().contended(); }

private:
  ::tlm::tlm_sync_enum nb_transport_fw(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
  void b_transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned int transport_dbg(::tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  std::uint64_t move(::tlm::tlm_generic_payload& payload, std::uint64_t length);

  std::vector<std::uint8_t> storage_;
  bool grant_dmi_;
  std::vector<dram_timing> timing_; ///< one per channel; empty: without time
  std::function<std::size_t(const ::tlm::tlm_generic_payload&)> channel_of_;
  protocol::target_phases phases_;
};

/// The memory of an architecture: without time and with DMI, if @p grant_dmi, under functional timing; else a DRAM with
/// the figures of its memory.*.
memory::behaviour memory_behaviour(const config::architecture& a, bool grant_dmi);

} // namespace sonic::host
