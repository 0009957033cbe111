// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/dac_bank.h"

namespace sonic::chip {

dac_bank::dac_bank(const sc_core::sc_module_name& name, operand side, const sc_core::sc_time& latency)
    : optical_stage(name, latency), side_(side) {}

void dac_bank::process(transport::burst& work) {
  std::uint64_t lane_symbols = 0;
  for (const auto& s : work.sequences) {
    lane_symbols += std::uint64_t{s.lanes()} * s.symbols;
  }
  (side_ == operand::streaming ? work.actions.stream_lane_symbols : work.actions.held_lane_symbols) += lane_symbols;
}

} // namespace sonic::chip
