// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

namespace sonic::chip {

/// A balanced pair that sums all wavelengths: the difference of its arms carries the sign. The sum stays a description
/// until the ADC samples it.
class photodetector : public optical_stage {
public:
  using optical_stage::optical_stage;

protected:
  void process(transport::burst& work) override { static_cast<void>(work); }
};

} // namespace sonic::chip
