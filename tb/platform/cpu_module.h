// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/cpu.h"
#include "tb/platform/debugger.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/tlm_quantumkeeper.h>

namespace sonic::platform {

/// A processor in simulated time: each instruction takes the same time, and what a bus access annotates comes on top.
///
/// It runs ahead of the kernel (temporal decoupling) up to the global quantum, but never past the next event that the
/// kernel already knows, and it meets the kernel at each access to the bus. So nothing that the firmware can observe
/// happens between two instructions without its being there, and its result does not depend on the quantum.
class cpu_module : public sc_core::sc_module, private cpu_bus, private debug_target {
public:
  /// @param instruction time of one, above zero
  cpu_module(const sc_core::sc_module_name& name, const sc_core::sc_time& instruction);

  tlm_utils::simple_initiator_socket<cpu_module> bus;
  sc_core::sc_in<bool> external_irq, timer_irq, software_irq;

  /// The processor to run, which was made for bus_of_cpu(). Before the simulation.
  void set_core(std::unique_ptr<cpu> core) { core_ = std::move(core); }
  /// Where it begins.
  void set_entry(std::uint32_t address) { core_->set(program_counter, address); }
  cpu_bus& bus_of_cpu() { return *this; }
  /// Null: none. It must outlive the simulation.
  void set_debugger(debugger* user) { debugger_ = user; }
  /// Called once if the firmware can go on no more, with a sentence; and if the debugger kills it, with an empty one.
  std::function<void(const std::string& why)> on_lost;

  /// No further instruction: the simulation ends.
  void halt() { halted_ = true; }

  [[nodiscard]] std::uint64_t instructions() const { return instructions_; }
  /// Whether it waits for an interrupt.
  [[nodiscard]] bool waiting() const { return waiting_; }
  [[nodiscard]] std::uint32_t position() const { return core_ ? core_->get(program_counter) : 0; }

private:
  bool load(std::uint32_t address, unsigned int bytes, std::uint32_t& value) override;
  bool store(std::uint32_t address, unsigned int bytes, std::uint32_t value) override;
  [[nodiscard]] std::uint32_t get_register(unsigned int number) const override { return core_->get(number); }
  void set_register(unsigned int number, std::uint32_t value) override { core_->set(number, value); }
  bool read_memory(std::uint32_t address, std::span<std::uint8_t> into) override;
  bool write_memory(std::uint32_t address, std::span<const std::uint8_t> from) override;
  void set_breakpoint(std::uint32_t address, bool on) override { core_->set_breakpoint(address, on); }

  void run();
  void after_run(cpu_stop stop);
  bool access(::tlm::tlm_command command, std::uint32_t address, unsigned int bytes, std::uint32_t& value);
  unsigned int debug_access(::tlm::tlm_command command, std::uint32_t address, std::uint8_t* data, unsigned int bytes);
  void account();
  void meet_kernel();
  void settle();
  bool await_interrupt();
  bool debugger_interrupts();
  void lose(const std::string& why);
  std::uint64_t instructions_ahead();
  void ask_debugger(debug_reason why);
  [[nodiscard]] std::uint32_t pending() const;

  sc_core::sc_time instruction_;
  tlm_utils::tlm_quantumkeeper keeper_;
  std::unique_ptr<cpu> core_;
  debugger* debugger_ = nullptr;
  ::tlm::tlm_generic_payload payload_;
  std::uint64_t instructions_ = 0;
  std::uint64_t accounted_ = 0; ///< of the core's current run
  bool halted_ = false, waiting_ = false, stepping_ = false, over_breakpoint_ = false;
};

} // namespace sonic::platform
