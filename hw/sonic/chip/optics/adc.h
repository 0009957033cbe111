// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

namespace sonic::chip {

/// Samples the detector once per symbol and adds the code to the partial sum. This is where the light is evaluated.
class adc : public optical_stage {
public:
  /// @param full_code largest magnitude of a code, 2^(bits-1) - 1
  adc(const sc_core::sc_module_name& name, float full_code, const sc_core::sc_time& latency);

protected:
  void process(transport::burst& work) override;

private:
  float full_code_;
};

} // namespace sonic::chip
