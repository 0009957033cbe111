// SPDX-License-Identifier: Apache-2.0
// From the configuration to what light does in the units; for accelerator.cpp.
#pragma once

#include "sonic/chip/imperfections.h"
#include "sonic/config/architecture.h"
#include "sonic/physics/emission.h"

#include <memory>

namespace sonic {

/// How lasers emit what converters of this kind give them.
physics::emission_law emission_of(const config::architecture& a, const physics::dac_parameters& converter);

/// What is wrong with the light of one array.
chip::imperfections imperfections_of(const config::architecture& a, config::array_kind kind,
                                     const std::shared_ptr<const physics::noise_pool>& pool);

} // namespace sonic
