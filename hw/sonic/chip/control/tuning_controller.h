// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/calibration.h"

#include <systemc>

namespace sonic::chip {

/// Calibrates the rings thermo-optically once after power-up or reset: one pass of the heaters, all banks at once
/// (Sunny et al., arXiv 2102.06960, which SONIC follows). Programs wait for it.
class tuning_controller : public sc_core::sc_module, public transport::calibration {
public:
  /// @param pass time of one thermo-optic pass; zero under functional timing
  tuning_controller(const sc_core::sc_module_name& name, const sc_core::sc_time& pass);

  [[nodiscard]] bool calibrated() const override { return calibrated_; }
  [[nodiscard]] const sc_core::sc_event& done() const override { return done_; }
  [[nodiscard]] unsigned int calibrations() const { return calibrations_; }
  void restart() override;

private:
  void calibrate();

  sc_core::sc_time calibration_;
  sc_core::sc_event started_, done_;
  bool calibrated_ = false;
  unsigned int calibrations_ = 0;
};

} // namespace sonic::chip
