// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/control/tuning_controller.h"

namespace sonic::chip {

tuning_controller::tuning_controller(const sc_core::sc_module_name& name, const sc_core::sc_time& pass)
    : sc_module(name), calibration_(pass) {
  SC_HAS_PROCESS(tuning_controller);
  SC_THREAD(calibrate);
}

void tuning_controller::restart() {
  calibrated_ = false;
  started_.notify();
}

void tuning_controller::calibrate() {
  while (true) {
    wait(calibration_, started_);
    if (!started_.triggered()) {
      calibrated_ = true;
      ++calibrations_;
      done_.notify(sc_core::SC_ZERO_TIME);
      wait(started_);
    }
  }
}

} // namespace sonic::chip
