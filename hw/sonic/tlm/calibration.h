// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <systemc>

namespace sonic::transport {

/// Boot calibration as the command processor sees it: no program starts before it is done.
class calibration {
public:
  calibration() = default;
  calibration(const calibration&) = delete;
  calibration& operator=(const calibration&) = delete;
  virtual ~calibration() = default;
  [[nodiscard]] virtual bool calibrated() const = 0;
  [[nodiscard]] virtual const sc_core::sc_event& done() const = 0;
  /// Calibrates anew, after a reset.
  virtual void restart() = 0;
  /// Before a program: how far resonances have drifted depends on its number.
  /// @returns whether heaters are set anew first, which done() ends
  virtual bool begin_program(std::uint32_t number) = 0;
};

} // namespace sonic::transport
