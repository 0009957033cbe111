// SPDX-License-Identifier: Apache-2.0
// A 32-bit RISC-V processor as the platform sees it: it executes instructions, and asks for what is not RAM.
#pragma once

#include <cstdint>

namespace sonic::platform {

/// What a processor reads and writes outside its RAM.
class cpu_bus {
public:
  virtual ~cpu_bus() = default;
  /// @param bytes 1, 2 or 4
  /// @returns false if nobody answers there, or answers with an error: the processor traps
  virtual bool load(std::uint32_t address, unsigned int bytes, std::uint32_t& value) = 0;
  virtual bool store(std::uint32_t address, unsigned int bytes, std::uint32_t value) = 0;
};

enum class cpu_stop : std::uint8_t {
  ran,        ///< as many instructions as asked for, or until end_run()
  waits,      ///< the last instruction was a WFI
  breakpoint, ///< the next instruction has a breakpoint
  lost,       ///< it trapped, and its handler lies outside the RAM: see last_trap()
};

/// The last trap that an instruction caused.
struct trap_record {
  std::uint32_t cause = 0;
  std::uint32_t at = 0; ///< address of the instruction
  std::uint32_t value = 0;
};

/// Registers 0 to 31 are x0 to x31, 32 is the program counter.
inline constexpr unsigned int program_counter = 32;

class cpu {
public:
  cpu() = default;
  cpu(const cpu&) = delete;
  cpu& operator=(const cpu&) = delete;
  virtual ~cpu() = default;

  /// Executes up to @p most instructions, at least one unless it has a breakpoint. Exceptions are delivered to the
  /// firmware on the way. What the bus refuses has no effect but the trap.
  /// @param over_breakpoint executes the first instruction whatever breakpoint it has
  virtual cpu_stop run(std::uint64_t most, bool over_breakpoint) = 0;
  /// Instructions begun in the current or last run; exact also within load() and store(), where it counts the one that
  /// asks.
  [[nodiscard]] virtual std::uint64_t executed() const = 0;
  /// From within load() or store(): the run ends behind this instruction.
  virtual void end_run() = 0;

  /// Tells which interrupts are pending, as mip, and takes one if it is enabled. While one is pending that is not, a
  /// run also ends behind each instruction that may enable it.
  virtual void set_pending(std::uint32_t pending) = 0;
  /// Whether an interrupt is pending that mie has, so that WFI does not wait.
  [[nodiscard]] virtual bool wakes() const = 0;

  [[nodiscard]] virtual std::uint32_t get(unsigned int number) const = 0;
  virtual void set(unsigned int number, std::uint32_t value) = 0;
  [[nodiscard]] virtual const trap_record& last_trap() const = 0;

  virtual void set_breakpoint(std::uint32_t address, bool on) = 0;
  /// Memory was written behind the processor's back: code that it remembers is forgotten.
  virtual void forget_code(std::uint32_t address, std::uint32_t bytes) = 0;
};

} // namespace sonic::platform
