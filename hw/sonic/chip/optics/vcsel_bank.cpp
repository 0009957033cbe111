// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/vcsel_bank.h"

namespace sonic::chip {

vcsel_bank::vcsel_bank(const sc_core::sc_module_name& name, bool gated, const sc_core::sc_time& latency)
    : optical_stage(name, latency), gated_(gated) {}

void vcsel_bank::process(transport::burst& work) {
  if (!gated_) {
    return;
  }
  for (const auto& s : work.sequences) {
    work.actions.gated_lane_symbols += s.zeros;
  }
}

} // namespace sonic::chip
