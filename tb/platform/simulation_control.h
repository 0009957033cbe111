// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/device.h"

#include <cstdint>
#include <functional>

#include <systemc>

namespace sonic::platform {

/// How firmware ends a simulation, laid out as SiFive's test finisher: a word at 0x0, whose low half says what (0x5555
/// pass, 0x3333 fail) and whose high half is the exit code of a failure. Any other word is refused.
class simulation_control : public device {
public:
  using end_callback = std::function<void(int exit_code)>;
  simulation_control(const sc_core::sc_module_name& name, end_callback on_end);

  static constexpr std::uint64_t extent = 0x1000; ///< bytes of addresses

private:
  bool read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& now,
            bool debug) override;
  bool write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& now) override;

  end_callback on_end_;
};

} // namespace sonic::platform
