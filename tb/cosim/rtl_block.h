// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cosim/contract.h"
#include "tb/cosim/shell.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace sonic::cosim {

/// A Verilated block: pins by their number in the contract, and a clock. Plain C++; nothing here knows SystemC.
class rtl_block {
public:
  /// Loads the library and takes the block through reset.
  /// @throws core::user_error if it cannot be loaded
  rtl_block(contract ports, const std::filesystem::path& library);
  rtl_block(const rtl_block&) = delete;
  rtl_block& operator=(const rtl_block&) = delete;
  ~rtl_block();

  [[nodiscard]] const contract& ports() const { return ports_; }

  /// @param value up to 64 bits of it
  void set(std::size_t port, std::uint64_t value);
  /// @param words of 32 bits, lowest first, as many as the port is wide
  void set(std::size_t port, std::span<const std::uint32_t> words);
  /// To zero.
  void clear(std::size_t port);
  [[nodiscard]] std::uint64_t get(std::size_t port) const;
  /// Bits [begin, begin + width) of an output, width at most 32 and inside one word of 32 bits.
  [[nodiscard]] std::uint32_t get(std::size_t port, unsigned begin, unsigned width) const;
  /// The value of a port as hexadecimal digits.
  [[nodiscard]] std::string text_of(std::size_t port) const;

  /// Outputs follow inputs of this cycle.
  void settle();
  /// Rising edge: the next cycle.
  void clock();
  [[nodiscard]] std::uint64_t cycles() const { return cycles_; }
  /// In waves the next cycle begins then, in picoseconds, if the cycles before are over.
  void begin_at(std::uint64_t ps) { next_ps_ = std::max(next_ps_, ps); }

  /// From now on; the library must have been built with waves.
  void open_waves(const std::filesystem::path& path, double clock_ghz);
  void close_waves();

private:
  [[nodiscard]] std::span<std::uint8_t> bytes(std::size_t port) const;
  void dump(std::uint64_t of_period);

  contract ports_;
  std::size_t clk_;
  void* library_ = nullptr;
  rtl_functions call_;
  void* block_ = nullptr;
  std::vector<void*> pins_;
  std::uint64_t cycles_ = 0;
  std::uint64_t period_ps_ = 0; ///< 0: no waves
  std::uint64_t next_ps_ = 0;   ///< of waves: when the cycle at hand begins
};

} // namespace sonic::cosim
