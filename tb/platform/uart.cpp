// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/uart.h"

#include <utility>

namespace sonic::platform {

namespace {

enum register_offset : std::uint8_t {
  data,
  enable,
  identify,
  line_control,
  modem_control,
  line_status,
  modem_status,
  scratch,
  registers
};

constexpr std::uint8_t enable_received = 1;
constexpr std::uint8_t enable_sent = 2;
constexpr std::uint8_t divisor_access = 0x80;
constexpr std::uint8_t status_data_ready = 0x01;
constexpr std::uint8_t status_sent = 0x60; ///< holding register and transmitter empty
constexpr double poll_us = 100;            ///< how often the outside is asked while the receive interrupt is enabled

} // namespace

uart::uart(const sc_core::sc_module_name& name, ends where) : device(name), irq("irq"), where_(std::move(where)) {
  SC_HAS_PROCESS(uart);
  SC_METHOD(drive);
  sensitive << changed_;
}

void uart::fetch() {
  if (where_.receive) {
    const auto arrived = where_.receive();
    if (!arrived) {
      where_.receive = nullptr;
      return;
    }
    received_.insert(received_.end(), arrived->begin(), arrived->end());
  }
}

std::uint8_t uart::identification() const {
  constexpr std::uint8_t none = 1;
  constexpr std::uint8_t transmitter_empty = 2;
  constexpr std::uint8_t data_available = 4;
  if ((enable_ & enable_received) != 0 && !received_.empty()) {
    return data_available;
  }
  return (enable_ & enable_sent) != 0 && sent_ ? transmitter_empty : none;
}

bool uart::read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& /*now*/,
                bool debug) {
  if (bytes != 1 || offset >= registers) {
    return false;
  }
  const bool divisor = (line_control_ & divisor_access) != 0;
  switch (static_cast<register_offset>(offset)) {
  case data:
    if (divisor) {
      value = divisor_low_;
    } else {
      if (!debug) {
        fetch();
      }
      value = received_.empty() ? 0 : static_cast<std::uint8_t>(received_.front());
      if (!debug && !received_.empty()) {
        received_.pop_front();
      }
    }
    break;
  case enable:
    value = divisor ? divisor_high_ : enable_;
    break;
  case identify:
    value = identification();
    if (!debug && (value & 2U) != 0) {
      sent_ = false;
    }
    break;
  case line_control:
    value = line_control_;
    break;
  case modem_control:
    value = modem_control_;
    break;
  case line_status:
    if (!debug) {
      fetch();
    }
    value = status_sent | (received_.empty() ? 0U : status_data_ready);
    break;
  case modem_status:
    value = 0;
    break;
  default:
    value = scratch_;
  }
  changed_.notify(sc_core::SC_ZERO_TIME);
  return true;
}

bool uart::write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& /*now*/) {
  if (bytes != 1 || offset >= registers) {
    return false;
  }
  const bool divisor = (line_control_ & divisor_access) != 0;
  const auto byte = static_cast<std::uint8_t>(value);
  switch (static_cast<register_offset>(offset)) {
  case data:
    if (divisor) {
      divisor_low_ = byte;
    } else {
      where_.send(static_cast<char>(byte));
      sent_ = true;
    }
    break;
  case enable:
    if (divisor) {
      divisor_high_ = byte;
    } else {
      constexpr std::uint8_t sources = 0x0f;
      sent_ = sent_ || ((byte & ~enable_ & enable_sent) != 0);
      enable_ = byte & sources;
    }
    break;
  case line_control:
    line_control_ = byte;
    break;
  case modem_control:
    modem_control_ = byte;
    break;
  case scratch:
    scratch_ = byte;
    break;
  default: // FIFO control; the status registers cannot be written
    break;
  }
  changed_.notify(sc_core::SC_ZERO_TIME);
  return true;
}

void uart::drive() {
  if ((enable_ & enable_received) != 0 && where_.receive) {
    fetch();
    changed_.notify(sc_core::sc_time(poll_us, sc_core::SC_US)); // at the end of what arrives, once in vain
  }
  irq.write(identification() != 1);
}

} // namespace sonic::platform
