// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/physics/conversion_noise.h"
#include "sonic/physics/noise_pool.h"
#include "sonic/physics/stationary_bank.h"
#include "sonic/physics/stuck_bits.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace sonic::chip {

/// Of all resonances since their calibration, while a program runs.
struct ring_drift {
  double nm = 0.0;
};

/// What is broken in one unit.
struct unit_damage {
  physics::lane_damage lanes;
  double detector_noise = 1.0; ///< deviation of the receiver's noise over that of a sound detector
  physics::stuck_bits codes;   ///< of its ADC
};

/// What `optics: physical` makes of the light in the units of one array; the composition root derives it from the
/// configuration (docs/optics.md).
struct imperfections {
  std::shared_ptr<physics::bank_matrices> banks;         ///< of the stationary operand; null: it is held as wanted
  std::vector<physics::ring_errors> ring_errors;         ///< of each unit, or none
  std::shared_ptr<const ring_drift> drift;               ///< null: none
  std::vector<unit_damage> damage;                       ///< of each unit, or none
  std::shared_ptr<physics::bank_matrices> damaged_banks; ///< of units with broken lanes; as `banks`, but never null
  float full_stationary = 1.0F;                          ///< largest magnitude of a stationary value
  float parked_light = 0.0F;   ///< that a lane's parked rings detect besides, over its full signal
  bool remembers = true;       ///< the same steps bring the same stationary operands, image by image
  float largest_excess = 1.0F; ///< no product is more than so many times the largest one of exact light
  std::shared_ptr<const physics::noise_pool> pool;
  physics::noise_law noise;      ///< of the detectors and the lasers
  float full_product = 65535.0F; ///< of a lane with full light on a ring that takes all of it
  double code_noise = 0.0;       ///< of the ADC: standard deviation in codes
  std::uint64_t seed = 0;

  [[nodiscard]] unit_damage damage_of(std::size_t unit) const {
    return damage.empty() ? unit_damage{} : damage.at(unit);
  }
  [[nodiscard]] bool noisy() const { return !noise.none() || code_noise > 0.0; }
};

} // namespace sonic::chip
