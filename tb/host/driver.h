// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace sonic::host {

/// How a program ended, read from the accelerator's registers.
struct outcome {
  bool done = false;
  std::uint32_t error_code = 0;
  std::uint32_t error_index = 0;
  std::uint64_t time_ns = 0;
  std::uint32_t descriptors_done = 0;
  std::uint64_t symbols = 0;
};

/// A host processor as the accelerator sees it: writes registers through `cfg`, waits for `irq`, reads registers.
class driver : public sc_core::sc_module {
public:
  explicit driver(const sc_core::sc_module_name& name);

  tlm_utils::simple_initiator_socket<driver> cfg;
  sc_core::sc_in<bool> irq;

  /// Runs @p count descriptors at @p descriptor_address (relative to base 0) and blocks until the interrupt. Only from
  /// an SC_THREAD.
  /// @param number of the program; none: the one after the last
  outcome run_program(std::uint64_t memory_size, std::uint64_t descriptor_address, std::uint32_t count,
                      std::optional<std::uint32_t> number = {});

  /// What the host does during the simulation; called once from an SC_THREAD.
  std::function<void()> script;

  std::uint32_t read(std::uint32_t offset);
  void write(std::uint32_t offset, std::uint32_t value);

private:
  void run_script();
  void access(::tlm::tlm_command command, std::uint32_t offset, std::uint32_t& value);

  ::tlm::tlm_generic_payload payload_;
};

} // namespace sonic::host
