// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/tuning_controller.h"

#include <utility>

namespace sonic::chip {

tuning_controller::tuning_controller(const sc_core::sc_module_name& name, const sc_core::sc_time& pass,
                                     const physics::drift_parameters& drift, std::shared_ptr<ring_drift> shift)
    : sc_module(name), pass_(pass), drift_(drift), shift_(std::move(shift)) {
  SC_HAS_PROCESS(tuning_controller);
  SC_THREAD(calibrate);
}

void tuning_controller::restart() {
  calibrated_ = false;
  started_.notify();
}

bool tuning_controller::begin_program(std::uint32_t number) {
  if (shift_ == nullptr) {
    return false;
  }
  const auto now = physics::drift_at(drift_, number);
  shift_->nm = now.shift_nm;
  if (now.recalibrate) {
    ++recalibrations_;
    restart();
  }
  return now.recalibrate;
}

void tuning_controller::calibrate() {
  while (true) {
    wait(pass_, started_);
    if (!started_.triggered()) {
      calibrated_ = true;
      done_.notify(sc_core::SC_ZERO_TIME);
      wait(started_);
    }
  }
}

} // namespace sonic::chip
