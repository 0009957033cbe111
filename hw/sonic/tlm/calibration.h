// SPDX-License-Identifier: Apache-2.0
#pragma once

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
};

} // namespace sonic::transport
