// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/optics/stage.h"

namespace sonic::chip {

/// One laser per lane, directly modulated by the streaming operand; a lane whose value is zero is gated.
class vcsel_bank : public optical_stage {
public:
  vcsel_bank(const sc_core::sc_module_name& name, bool gated, const sc_core::sc_time& latency);

protected:
  void process(transport::burst& work) override;

private:
  bool gated_;
};

} // namespace sonic::chip
