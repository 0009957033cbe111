// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/machine_state.h"

#include <array>

namespace sonic::platform {

const char* to_string(exception cause) {
  switch (cause) {
  case exception::instruction_misaligned:
    return "instruction address misaligned";
  case exception::instruction_access_fault:
    return "instruction access fault";
  case exception::illegal_instruction:
    return "illegal instruction";
  case exception::breakpoint:
    return "breakpoint";
  case exception::load_misaligned:
    return "load address misaligned";
  case exception::load_access_fault:
    return "load access fault";
  case exception::store_misaligned:
    return "store address misaligned";
  case exception::store_access_fault:
    return "store access fault";
  case exception::machine_call:
    return "environment call";
  }
  return "exception";
}

std::optional<std::uint32_t> interrupt_to_take(const machine_state& state, std::uint32_t pending) {
  if ((state.mstatus & mstatus_mie) == 0) {
    return std::nullopt;
  }
  for (const std::uint32_t number : std::array{external_interrupt, software_interrupt, timer_interrupt}) {
    if (((pending & state.mie) >> number & 1U) != 0) {
      return number;
    }
  }
  return std::nullopt;
}

std::uint32_t enter_trap(machine_state& state, std::uint32_t cause, std::uint32_t at, std::uint32_t value) {
  constexpr std::uint32_t mode = 3;
  constexpr std::uint32_t vectored = 1;
  constexpr std::uint32_t entry_bytes = 4;
  const bool enabled = (state.mstatus & mstatus_mie) != 0;
  state.mstatus &= ~(mstatus_mie | mstatus_mpie);
  state.mstatus |= mstatus_mpp | (enabled ? mstatus_mpie : 0);
  state.mepc = at;
  state.mcause = cause;
  state.mtval = value;
  const std::uint32_t base = state.mtvec & ~mode;
  const bool own_entry = (state.mtvec & mode) == vectored && (cause & interrupt_cause) != 0;
  return own_entry ? base + entry_bytes * (cause & ~interrupt_cause) : base;
}

} // namespace sonic::platform
