// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic_regs/regs.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <tlm>

namespace sonic::transport {

/// The 32-bit registers of hw/regs/registers.yaml behind a TLM target: sub-word, unaligned and burst accesses, byte
/// enables and merged partial writes. A write that touches a read-only register is a command error and changes nothing;
/// an address outside the bank or without a register is an address error; a streaming width below the length is a
/// burst error.
class register_bank {
public:
  /// Called after a write changed a register, with the bits written as one (w1s, w1c) or the new value (rw).
  using write_callback = std::function<void(std::uint32_t offset, std::uint32_t value)>;

  explicit register_bank(write_callback on_write);

  /// Performs a read or write with all of TLM-2.0's attributes and sets the response.
  void access(::tlm::tlm_generic_payload& payload);
  /// The same without side effects or access rules; returns the number of bytes.
  unsigned int debug_access(::tlm::tlm_generic_payload& payload);

  [[nodiscard]] std::uint32_t get(std::uint32_t offset) const { return values_[offset / 4]; }
  void set(std::uint32_t offset, std::uint32_t value) { values_[offset / 4] = value; }
  [[nodiscard]] std::uint64_t get_wide(std::uint32_t low_offset, std::uint32_t high_offset) const;
  void set_wide(std::uint32_t low_offset, std::uint32_t high_offset, std::uint64_t value);
  /// Every register to its reset value.
  void reset();
  /// Gives a read-only register (a capability) its value and reset value.
  void set_constant(std::uint32_t offset, std::uint32_t value);

private:
  [[nodiscard]] const regs::register_info* find(std::uint64_t offset) const;
  ::tlm::tlm_response_status check(const ::tlm::tlm_generic_payload& payload) const;
  void write_word(const regs::register_info& info, std::uint32_t value, std::uint32_t mask);

  write_callback on_write_;
  std::vector<std::uint32_t> values_;
  std::vector<std::uint32_t> reset_values_;
  std::vector<const regs::register_info*> infos_;
};

} // namespace sonic::transport
