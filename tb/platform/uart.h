// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/device.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <systemc>

namespace sonic::platform {

/// A 16550's registers, one byte each: data at 0, interrupt enable at 1, identification at 2, line control at 3, modem
/// control at 4, line status at 5, modem status at 6, scratch at 7; the divisor latch is kept and has no effect. A
/// character is sent at once; received ones wait in a queue. Interrupts: data received, and transmitter empty.
class uart : public device {
public:
  struct ends {
    std::function<void(char)> send;
    /// What has arrived since the last call; nothing, or no function: nothing will ever arrive again.
    std::function<std::optional<std::string>()> receive;
  };
  uart(const sc_core::sc_module_name& name, ends where);

  static constexpr std::uint64_t extent = 0x100; ///< bytes of addresses

  sc_core::sc_out<bool> irq;

private:
  bool read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& now,
            bool debug) override;
  bool write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& now) override;
  void fetch();
  void drive();
  [[nodiscard]] std::uint8_t identification() const;

  ends where_;
  std::deque<char> received_;
  std::uint8_t enable_ = 0, line_control_ = 0, modem_control_ = 0, scratch_ = 0, divisor_low_ = 0, divisor_high_ = 0;
  bool sent_ = true; ///< the transmitter became empty, and that was not read or answered
  sc_core::sc_event changed_;
};

} // namespace sonic::platform
