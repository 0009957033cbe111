// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic_regs/regs.h"

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include <tlm>

namespace sonic::tests {

/// One access as an initiator means it.
struct register_access {
  ::tlm::tlm_command command = ::tlm::TLM_READ_COMMAND;
  std::uint64_t address = 0;
  std::vector<std::uint8_t> data;
  std::vector<std::uint8_t> enables; ///< empty: all bytes; shorter than the data: repeated
  unsigned int streaming_width = 0;

  [[nodiscard]] bool enabled(std::size_t byte) const {
    return enables.empty() || enables[byte % enables.size()] == TLM_BYTE_ENABLED;
  }
};

/// The register bank as docs/registers.md describes it, written without looking at the chip's: which responses an
/// access may get, what it reads, and what is in the registers afterwards.
class register_model {
public:
  using bank = std::array<std::uint32_t, regs::bank_size / 4>;

  register_model();

  /// Every response that TLM-2.0 allows for it; only TLM_OK_RESPONSE if there is nothing wrong with it.
  [[nodiscard]] std::set<::tlm::tlm_response_status> responses(const register_access& access) const;
  /// Byte @p i of what a good read finds; nothing where a byte is disabled.
  [[nodiscard]] std::optional<std::uint8_t> read(const register_access& access, std::size_t i) const;
  /// A good write.
  void write(const register_access& access);
  /// Debug access: raw bytes, no rules. @returns their number
  unsigned int debug_write(std::uint64_t address, const std::vector<std::uint8_t>& data);
  void reset();

  /// True for registers that the chip changes by itself.
  [[nodiscard]] static bool changed_by_chip(std::size_t word);

  bank words{};     ///< in force
  bank constants{}; ///< reset values, with the chip's capabilities

private:
  [[nodiscard]] const regs::register_info* info_at(std::uint64_t address) const;
  std::array<const regs::register_info*, regs::bank_size / 4> infos_{};
};

} // namespace sonic::tests
