// SPDX-License-Identifier: Apache-2.0
// From broken devices to what they do to the light of one array's units; for imperfections_of.cpp.
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/config/damage.h"

#include <vector>

namespace sonic {

/// Of every unit of the array, or none where nothing is broken.
std::vector<chip::unit_damage> units_of(const config::architecture& a, config::array_kind kind,
                                        const config::array_damage& damage);

} // namespace sonic
