// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/plan/element_sizes.h"
#include "sonic/plan/limits.h"
#include "sonic_regs/regs.h"

#include <cstdint>

namespace sonic::chip {

/// Checks everything about a descriptor that can be told without reading what it points to: after it, sizes do not
/// overflow, address ranges lie in memory, and windows, groups and strides agree.
regs::error_code check_descriptor(const regs::descriptor& d, const plan::program_limits& limits);

/// Checks a layer's panel directory: panels cover the weight matrix once, in order, and fit their buffers.
/// @param panels at least one
regs::error_code check_panels(const regs::descriptor& d, const regs::panel* panels, const plan::program_limits& limits,
                              const plan::tile_limits& tiles);

} // namespace sonic::chip
