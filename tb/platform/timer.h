// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/device.h"

#include <cstdint>

#include <systemc>

namespace sonic::platform {

/// Machine timer and software interrupt of one hart, laid out as a SiFive CLINT: msip at 0x0, mtimecmp at 0x4000, mtime
/// at 0xbff8. mtime counts ticks of simulated time: floor(t / tick), plus what was written to it. After reset mtimecmp
/// is all ones, so that nothing is pending. The timer interrupt is pending while mtime >= mtimecmp, and rises exactly
/// at the time of that tick.
class timer : public device {
public:
  /// @param tick_ps time between two ticks, above 0
  timer(const sc_core::sc_module_name& name, std::uint64_t tick_ps);

  static constexpr std::uint64_t extent = 0x10000; ///< bytes of addresses

  sc_core::sc_out<bool> timer_irq;
  sc_core::sc_out<bool> software_irq;

private:
  bool read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& now,
            bool debug) override;
  bool write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& now) override;
  [[nodiscard]] std::uint64_t ticks_at(const sc_core::sc_time& now) const;
  void drive();

  std::uint64_t tick_ps_;
  std::uint64_t offset_ = 0; ///< mtime - ticks since the beginning, modulo 2^64
  std::uint64_t compare_ = ~std::uint64_t{0};
  bool software_ = false;
  sc_core::sc_event changed_;
};

} // namespace sonic::platform
