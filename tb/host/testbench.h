// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/accelerator.h"
#include "sonic/protocol/checker.h"
#include "tb/host/driver.h"
#include "tb/host/memory.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <systemc>

namespace sonic::host {

/// The accelerator, a memory and a host processor, run from plain C++: each start runs the simulation until the
/// interrupt was served. Both of the chip's sockets are held to the base protocol. One testbench per process, as
/// SystemC elaborates once.
class testbench {
public:
  /// @param memory_bytes size of the memory, from address 0
  /// @param grant_dmi    under functional timing; a memory that has time grants none
  /// @param with         blocks of the chip that something else stands for
  testbench(const config::architecture& architecture, std::uint64_t memory_bytes, bool grant_dmi = true,
            twins with = {});

  /// Runs descriptors to their end or to an error.
  /// @param number of the program; none: the one after the last
  outcome start(std::uint64_t descriptor_address, std::uint32_t count, std::optional<std::uint32_t> number = {});

  std::span<std::uint8_t> bytes() { return memory_.bytes(); }
  [[nodiscard]] const memory& dram() const { return memory_; }
  driver& host() { return driver_; }
  accelerator& chip() { return chip_; }
  /// Writes a VCD file of what works when, from now on: @p path without its ".vcd". Before the first run.
  void trace(const std::string& path);
  /// Closes it, a picosecond later: what changes at one time is written at the next.
  void end_trace();

  /// Runs the simulation while @p work uses the host's registers from its thread.
  void with_host(const std::function<void(driver&)>& work);

private:
  memory memory_;
  driver driver_;
  accelerator chip_;
  protocol::checker<> cfg_checker_, mem_checker_;
  sc_core::sc_signal<bool> irq_, reset_;
  sc_core::sc_event request_;
  std::function<void(driver&)> work_;
  std::unique_ptr<sc_core::sc_trace_file, void (*)(sc_core::sc_trace_file*)> trace_{nullptr,
                                                                                    sc_core::sc_close_vcd_trace_file};
};

} // namespace sonic::host
