// SPDX-License-Identifier: Apache-2.0
// What a processor module and a debugger know of each other, plain C++.
#pragma once

#include <cstdint>
#include <span>

namespace sonic::platform {

/// A processor and its memory, for a debugger. Accesses have no effect on devices and take no time.
class debug_target {
public:
  virtual ~debug_target() = default;
  [[nodiscard]] virtual std::uint32_t get_register(unsigned int number) const = 0;
  virtual void set_register(unsigned int number, std::uint32_t value) = 0;
  /// @returns false if a byte is not there
  virtual bool read_memory(std::uint32_t address, std::span<std::uint8_t> into) = 0;
  virtual bool write_memory(std::uint32_t address, std::span<const std::uint8_t> from) = 0;
  virtual void set_breakpoint(std::uint32_t address, bool on) = 0;
};

enum class debug_reason : std::uint8_t { began, stepped, breakpoint, interrupted, lost };
enum class debug_action : std::uint8_t { go, step, kill };

/// Told by the processor module where it stands; it blocks the simulation while the user thinks.
class debugger {
public:
  virtual ~debugger() = default;
  /// The processor stands; returns what it shall do next.
  virtual debug_action stopped(debug_target& target, debug_reason why) = 0;
  /// Whether the user wants the processor to stand. Cheap.
  virtual bool interrupts() = 0;
  /// Whether there is still a user.
  [[nodiscard]] virtual bool listens() const = 0;
  /// The simulation ended.
  virtual void ended(int exit_code) = 0;
};

} // namespace sonic::platform
