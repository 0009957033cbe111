// SPDX-License-Identifier: Apache-2.0
// From the configuration to what light does in the units; for accelerator.cpp.
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/config/architecture.h"
#include "sonic/config/damage.h"
#include "sonic/physics/ambient_drift.h"
#include "sonic/physics/emission.h"

#include <memory>

namespace sonic {

/// How lasers emit what converters of this kind give them.
physics::emission_law emission_of(const config::architecture& a, const physics::dac_parameters& converter);

/// How resonances drift from program to program; they do not without that effect.
physics::drift_parameters drift_of(const config::architecture& a);

/// What is wrong with the light of one array.
chip::imperfections imperfections_of(const config::architecture& a, config::array_kind kind,
                                     const config::array_damage& damage,
                                     const std::shared_ptr<const physics::noise_pool>& pool,
                                     const std::shared_ptr<const chip::ring_drift>& drift);

} // namespace sonic
