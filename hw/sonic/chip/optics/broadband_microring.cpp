// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/broadband_microring.h"

namespace sonic::chip {

broadband_microring::broadband_microring(const sc_core::sc_module_name& name, std::uint32_t full_level)
    : optical_stage(name, sc_core::SC_ZERO_TIME), full_level_(full_level) {}

void broadband_microring::process(transport::burst& work) {
  if (work.epoch != epoch_) {
    epoch_ = work.epoch;
    level_ = 0;
  }
  for (auto& s : work.sequences) {
    // Exact sums get their whole scale from the post-processor: the level is a rounded one.
    s.scale =
        work.exact || s.ring_level == 0 ? 1.0F : static_cast<float>(s.ring_level) / static_cast<float>(full_level_);
    if (s.ring_level != level_) {
      level_ = s.ring_level;
      ++work.actions.ring_retunes;
    }
  }
}

} // namespace sonic::chip
