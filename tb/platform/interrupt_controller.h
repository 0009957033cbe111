// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/device.h"
#include "tb/platform/interrupt_lines.h"

#include <cstdint>
#include <vector>

#include <systemc>

namespace sonic::platform {

/// The registers of a RISC-V PLIC with one context (machine mode of hart 0) around interrupt_lines: priorities at 4 *
/// source, pending bits at 0x1000, enable bits at 0x2000, threshold at 0x200000, claim and completion at 0x200004.
/// Accesses have 4 bytes.
class interrupt_controller : public device {
public:
  /// @param sources numbered from 1 to this, at most 1023
  interrupt_controller(const sc_core::sc_module_name& name, unsigned int sources);

  static constexpr std::uint64_t extent = 0x4000000; ///< bytes of addresses

  /// The line of a source, [0] is the one of source 1. Every one must be bound.
  sc_core::sc_vector<sc_core::sc_in<bool>> lines;
  sc_core::sc_out<bool> irq;

private:
  bool read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& now,
            bool debug) override;
  bool write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& now) override;
  void drive();

  interrupt_lines inside_;
  sc_core::sc_event changed_;
};

} // namespace sonic::platform
