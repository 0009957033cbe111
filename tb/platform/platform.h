// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/accelerator.h"
#include "tb/host/memory.h"
#include "tb/platform/bus.h"
#include "tb/platform/cpu.h"
#include "tb/platform/cpu_module.h"
#include "tb/platform/interrupt_controller.h"
#include "tb/platform/platform_config.h"
#include "tb/platform/simulation_control.h"
#include "tb/platform/start_watch.h"
#include "tb/platform/timer.h"
#include "tb/platform/uart.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <systemc>

namespace sonic::platform {

/// How a simulation ended.
struct run_result {
  std::optional<int> exit_code; ///< as the firmware gave it
  std::string why;              ///< else: a sentence; empty if the debugger ended it
};

/// The whole platform: processor, RAM, peripherals and accelerators on a bus. One per process.
class platform : public sc_core::sc_module {
public:
  /// Makes a processor for a RAM and a bus that outlive it.
  using cpu_maker =
      std::function<std::unique_ptr<cpu>(std::uint32_t ram_base, std::span<std::uint8_t> ram, cpu_bus& bus)>;

  /// @throws core::user_error as sonic::accelerator does
  platform(const sc_core::sc_module_name& name, const platform_config& config, uart::ends console,
           const cpu_maker& make_cpu);

  std::span<std::uint8_t> ram() { return ram_.bytes(); }
  /// Where the processor begins.
  void set_entry(std::uint32_t address) { cpu_.set_entry(address); }
  void set_debugger(debugger* user) { cpu_.set_debugger(user); }

  /// Runs the firmware until it ends, can go on no more, or the time is over.
  /// @param quantum how far the processor may run ahead of the kernel
  /// @param limit   of simulated time; none: without end
  run_result run(const sc_core::sc_time& quantum, const std::optional<sc_core::sc_time>& limit);

  [[nodiscard]] const cpu_module& processor() const { return cpu_; }
  [[nodiscard]] const std::vector<std::unique_ptr<accelerator>>& accelerators() const { return accelerators_; }

private:
  void begin_program(std::size_t accelerator);
  void end(std::optional<int> exit_code, const std::string& why);

  std::optional<run_result> ended_;
  cpu_module cpu_;
  bus bus_;
  host::memory ram_;
  interrupt_controller interrupts_;
  timer timer_;
  uart uart_;
  simulation_control control_;
  std::vector<std::unique_ptr<accelerator>> accelerators_;
  std::vector<std::unique_ptr<start_watch>> watches_; ///< one per accelerator

  sc_core::sc_vector<sc_core::sc_signal<bool>> lines_; ///< of interrupt sources, [0] of source 1
  sc_core::sc_signal<bool> external_irq_, timer_irq_, software_irq_, reset_;
};

} // namespace sonic::platform
