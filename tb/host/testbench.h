// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/accelerator.h"
#include "sonic/protocol/checker.h"
#include "tb/host/driver.h"
#include "tb/host/memory.h"

#include <cstdint>
#include <span>

#include <systemc>

namespace sonic::host {

/// The accelerator, a memory and a host processor, run from plain C++: each start runs the simulation until the
/// interrupt was served. Both of the chip's sockets are held to the base protocol. One testbench per process, as
/// SystemC elaborates once.
class testbench {
public:
  /// @param memory_bytes size of the memory, from address 0
  /// @param grant_dmi    under functional timing; a memory that has time grants none
  testbench(const config::architecture& architecture, std::uint64_t memory_bytes, bool grant_dmi = true);

  /// Runs descriptors to their end or to an error.
  outcome start(std::uint64_t descriptor_address, std::uint32_t count);

  std::span<std::uint8_t> bytes() { return memory_.bytes(); }
  [[nodiscard]] const memory& dram() const { return memory_; }
  driver& host() { return driver_; }
  accelerator& chip() { return chip_; }
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
};

} // namespace sonic::host
