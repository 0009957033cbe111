// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

namespace sonic::chip {

/// The digital-to-analog converters in front of the lasers or of the rings. Codes and codebook levels are exact at its
/// output (docs/numbers.md): the resolution limits what can be stored, not what is converted.
class dac_bank : public optical_stage {
public:
  enum class operand { streaming, stationary };

  dac_bank(const sc_core::sc_module_name& name, operand side, const sc_core::sc_time& latency);

protected:
  void process(transport::burst& work) override;

private:
  operand side_;
};

} // namespace sonic::chip
