// SPDX-License-Identifier: Apache-2.0
// The light of a unit's worst lane and the design of its banks, from the configuration (physics/link_budget.h,
// physics/stationary_bank.h).
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/physics/link_budget.h"
#include "sonic/physics/receiver_noise.h"
#include "sonic/physics/stationary_bank.h"

namespace sonic::config {

/// Rings that the light of a lane passes on its waveguide, its own and those of spare lanes included.
int rings_on_waveguide(const architecture& a, array_kind kind);

physics::receiver_parameters receiver_of(const architecture& a);
double symbol_rate_hz(const architecture& a, array_kind kind);
/// Optical, of one laser.
double laser_mw(const architecture& a);

/// With path.margin as a loss.
/// @throws std::domain_error where no light gives receiver.required_bits
physics::link_budget link_of(const architecture& a, array_kind kind);

/// What arrives at one arm of the detector of the worst lane's full light, with all its own ring can take. The margin
/// costs nothing.
/// @throws std::domain_error as link_of
double lane_mw(const architecture& a, array_kind kind);

/// Of both arms of a unit, with its spare lanes; effects that are switched off are left out.
physics::bank_design bank_design_of(const architecture& a, array_kind kind);

} // namespace sonic::config
