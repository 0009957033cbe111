// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

#include <cstdint>

namespace sonic::chip {

/// Samples the detector once per symbol and adds the code to the partial sum. This is where the light is evaluated.
class adc : public optical_stage {
public:
  /// @param full_code  largest magnitude of a code, 2^(bits-1) - 1
  /// @param most_lanes whose light the detector sums, at least 1: no block may have more
  adc(const sc_core::sc_module_name& name, float full_code, std::uint32_t most_lanes, const sc_core::sc_time& latency);

protected:
  void process(transport::burst& work) override;

private:
  float full_code_, largest_sum_;
};

} // namespace sonic::chip
