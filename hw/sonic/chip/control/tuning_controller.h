// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/physics/ambient_drift.h"
#include "sonic/tlm/calibration.h"

#include <cstdint>
#include <memory>

#include <systemc>

namespace sonic::chip {

/// Calibrates the rings thermo-optically once after power-up or reset: one pass of the heaters, all banks at once
/// (Sunny et al., arXiv 2102.06960, which SONIC follows). Programs wait for it. Under physical optics, resonances drift
/// from program to program, and calibration is repeated before a program for which they have drifted too far.
class tuning_controller : public sc_core::sc_module, public transport::calibration {
public:
  /// @param pass  time of one thermo-optic pass; zero under functional timing
  /// @param drift of the resonances
  /// @param shift receives that of the program that runs; null unless optics are physical
  tuning_controller(const sc_core::sc_module_name& name, const sc_core::sc_time& pass,
                    const physics::drift_parameters& drift, std::shared_ptr<ring_drift> shift);

  [[nodiscard]] bool calibrated() const override { return calibrated_; }
  [[nodiscard]] const sc_core::sc_event& done() const override { return done_; }
  void restart() override;
  bool begin_program(std::uint32_t number) override;

  /// Of programs, since clear(): the first calibration is none of them.
  [[nodiscard]] unsigned int recalibrations() const { return recalibrations_; }
  [[nodiscard]] const sc_core::sc_time& pass() const { return pass_; }
  void clear() { recalibrations_ = 0; }

private:
  void calibrate();

  sc_core::sc_time pass_;
  physics::drift_parameters drift_;
  std::shared_ptr<ring_drift> shift_;
  sc_core::sc_event started_, done_;
  bool calibrated_ = false;
  unsigned int recalibrations_ = 0;
};

} // namespace sonic::chip
