// SPDX-License-Identifier: Apache-2.0
// Machine-mode traps of the RISC-V privileged architecture, version 1.12, chapter 3: which interrupt is taken, and what
// entering a trap does to the registers. Plain C++.
#pragma once

#include <cstdint>
#include <optional>

namespace sonic::platform {

/// Bits of mstatus.
inline constexpr std::uint32_t mstatus_mie = 1U << 3U;
inline constexpr std::uint32_t mstatus_mpie = 1U << 7U;
inline constexpr std::uint32_t mstatus_mpp = 3U << 11U;

/// Interrupts, as bit numbers of mip and mie and as causes.
inline constexpr std::uint32_t software_interrupt = 3;
inline constexpr std::uint32_t timer_interrupt = 7;
inline constexpr std::uint32_t external_interrupt = 11;
inline constexpr std::uint32_t interrupt_cause = 1U << 31U; ///< set in mcause for interrupts

/// Exceptions, as causes.
enum class exception : std::uint32_t {
  instruction_misaligned = 0,
  instruction_access_fault = 1,
  illegal_instruction = 2,
  breakpoint = 3,
  load_misaligned = 4,
  load_access_fault = 5,
  store_misaligned = 6,
  store_access_fault = 7,
  machine_call = 11,
};

/// "load access fault"
const char* to_string(exception cause);

/// The registers that a trap reads and writes.
struct machine_state {
  std::uint32_t mstatus = 0;
  std::uint32_t mie = 0;
  std::uint32_t mtvec = 0;
  std::uint32_t mepc = 0;
  std::uint32_t mcause = 0;
  std::uint32_t mtval = 0;
};

/// The interrupt to take now: external before software before timer, each if it is pending and enabled.
/// @param pending as mip
std::optional<std::uint32_t> interrupt_to_take(const machine_state& state, std::uint32_t pending);

/// Enters a trap from machine mode.
/// @param cause as mcause, with interrupt_cause for interrupts
/// @param at    the address to return to: that of the instruction that trapped, or that was not begun
/// @param value for mtval
/// @returns the handler's address: the base of mtvec, or, for interrupts in vectored mode, the cause's place behind it
std::uint32_t enter_trap(machine_state& state, std::uint32_t cause, std::uint32_t at, std::uint32_t value);

} // namespace sonic::platform
