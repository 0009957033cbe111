// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/cpu_module.h"

#include "tb/platform/machine_state.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace sonic::platform {

namespace {

/// With a debugger listening, a processor that waits asks so often whether the user interrupts.
constexpr double debug_poll_us = 1000;

} // namespace

cpu_module::cpu_module(const sc_core::sc_module_name& name, const sc_core::sc_time& instruction)
    : sc_module(name), bus("bus"), external_irq("external_irq"), timer_irq("timer_irq"), software_irq("software_irq"),
      instruction_(instruction) {
  SC_HAS_PROCESS(cpu_module);
  SC_THREAD(run);
}

std::uint32_t cpu_module::pending() const {
  return (external_irq.read() ? 1U << external_interrupt : 0U) | (timer_irq.read() ? 1U << timer_interrupt : 0U) |
         (software_irq.read() ? 1U << software_interrupt : 0U);
}

void cpu_module::account() {
  const std::uint64_t fresh = core_->executed() - accounted_;
  accounted_ += fresh;
  instructions_ += fresh;
  keeper_.inc(static_cast<double>(fresh) * instruction_);
}

/// Lets everything happen that happens at this time, so that the order of processes does not matter.
void cpu_module::settle() {
  while (sc_core::sc_pending_activity_at_current_time()) {
    wait(sc_core::SC_ZERO_TIME);
  }
}

void cpu_module::meet_kernel() {
  if (keeper_.get_local_time() > sc_core::SC_ZERO_TIME) {
    keeper_.sync();
  }
  settle();
}

/// Instructions until the quantum ends or the kernel's next event is due, at least one.
std::uint64_t cpu_module::instructions_ahead() {
  const auto local = keeper_.get_local_time();
  const auto next = sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext());
  const auto quantum = ::tlm::tlm_global_quantum::instance().get();
  const auto ahead = std::min(next, std::max(quantum, instruction_));
  if (ahead <= local) {
    return 1;
  }
  return static_cast<std::uint64_t>(std::ceil((ahead - local) / instruction_));
}

void cpu_module::lose(const std::string& why) {
  halted_ = true;
  if (on_lost) {
    on_lost(why);
  }
}

void cpu_module::ask_debugger(debug_reason why) {
  meet_kernel();
  const auto action = debugger_->stopped(*this, why);
  stepping_ = action == debug_action::step;
  over_breakpoint_ = true;
  if (action == debug_action::kill) {
    lose("");
  }
  if (!debugger_->listens()) {
    debugger_ = nullptr;
  }
}

bool cpu_module::debugger_interrupts() {
  const bool asked = debugger_->interrupts();
  if (!debugger_->listens()) {
    debugger_ = nullptr;
  }
  return asked;
}

/// @returns true if the user interrupted it
bool cpu_module::await_interrupt() {
  const sc_core::sc_time poll(debug_poll_us, sc_core::SC_US);
  meet_kernel();
  core_->set_pending(pending());
  waiting_ = true;
  bool interrupted = false;
  while (!interrupted && !core_->wakes() && !halted_) {
    const auto lines =
        external_irq.value_changed_event() | timer_irq.value_changed_event() | software_irq.value_changed_event();
    if (debugger_ != nullptr) {
      wait(poll, lines);
      interrupted = debugger_interrupts();
    } else {
      wait(lines);
    }
    settle();
    core_->set_pending(pending());
  }
  waiting_ = false;
  keeper_.reset();
  return interrupted;
}

void cpu_module::run() {
  keeper_.reset();
  settle();
  if (debugger_ != nullptr) {
    ask_debugger(debug_reason::began);
  }
  while (!halted_) {
    if (sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext()) <= keeper_.get_local_time()) {
      meet_kernel();
    }
    core_->set_pending(pending());
    accounted_ = 0;
    const auto stop = core_->run(stepping_ ? 1 : instructions_ahead(), std::exchange(over_breakpoint_, false));
    account();
    if (!halted_) {
      after_run(stop);
    }
  }
}

void cpu_module::after_run(cpu_stop stop) {
  bool interrupted = false;
  if (stop == cpu_stop::waits) {
    interrupted = await_interrupt();
  } else if (keeper_.need_sync()) {
    meet_kernel();
  }
  if (debugger_ != nullptr) {
    if (stop == cpu_stop::lost) {
      ask_debugger(debug_reason::lost);
    } else if (stop == cpu_stop::breakpoint) {
      ask_debugger(debug_reason::breakpoint);
    } else if (stepping_) {
      ask_debugger(debug_reason::stepped);
    } else if (interrupted || debugger_interrupts()) {
      ask_debugger(debug_reason::interrupted);
    }
  }
  if (stop == cpu_stop::lost && !halted_) {
    const auto& trap = core_->last_trap();
    lose(fmt::format("{} at {:#010x} (value {:#010x}), and the trap handler is not in RAM",
                     to_string(static_cast<exception>(trap.cause)), trap.at, trap.value));
  }
}

bool cpu_module::access(::tlm::tlm_command command, std::uint32_t address, unsigned int bytes, std::uint32_t& value) {
  account();
  meet_kernel();
  payload_.set_command(command);
  payload_.set_address(address);
  payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload_.set_data_length(bytes);
  payload_.set_streaming_width(bytes);
  payload_.set_byte_enable_ptr(nullptr);
  payload_.set_dmi_allowed(false);
  payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
  auto delay = keeper_.get_local_time();
  bus->b_transport(payload_, delay);
  keeper_.set(delay);
  core_->end_run(); // the kernel may know of other events now
  return payload_.is_response_ok();
}

bool cpu_module::load(std::uint32_t address, unsigned int bytes, std::uint32_t& value) {
  return access(::tlm::TLM_READ_COMMAND, address, bytes, value);
}

bool cpu_module::store(std::uint32_t address, unsigned int bytes, std::uint32_t value) {
  return access(::tlm::TLM_WRITE_COMMAND, address, bytes, value);
}

unsigned int cpu_module::debug_access(::tlm::tlm_command command, std::uint32_t address, std::uint8_t* data,
                                      unsigned int bytes) {
  ::tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(address);
  payload.set_data_ptr(data);
  payload.set_data_length(bytes);
  payload.set_streaming_width(bytes);
  return bus->transport_dbg(payload);
}

bool cpu_module::read_memory(std::uint32_t address, std::span<std::uint8_t> into) {
  const auto bytes = static_cast<unsigned int>(into.size());
  return debug_access(::tlm::TLM_READ_COMMAND, address, into.data(), bytes) == bytes;
}

bool cpu_module::write_memory(std::uint32_t address, std::span<const std::uint8_t> from) {
  const auto bytes = static_cast<unsigned int>(from.size());
  std::vector<std::uint8_t> data(from.begin(), from.end()); // a payload's data is not const
  core_->forget_code(address, bytes);
  return debug_access(::tlm::TLM_WRITE_COMMAND, address, data.data(), bytes) == bytes;
}

} // namespace sonic::platform
