// SPDX-License-Identifier: Apache-2.0
// The noise of one conversion, from the light on its detectors: constant, shot and intensity noise as in
// receiver_noise.h, relative to one lane's full light.
#pragma once

#include "sonic/physics/receiver_noise.h"

namespace sonic::physics {

/// Light on a unit's detectors, over one lane's full light: the sum over the lanes, and of their squares.
struct detected_light {
  double sum = 0.0, squares = 0.0;
};

/// What the noise of a unit's conversions is made of.
struct noise_sources {
  receiver_parameters receiver;
  double lane_mw = 0.0; ///< one lane's full light at the detector
  double symbol_rate_hz = 0.0;
  int detectors = 1;           ///< whose dark currents add
  bool receiver_noise = true;  ///< shot and thermal
  bool intensity_noise = true; ///< of lasers that fluctuate each on its own
};

/// variance(light) = constant + per_light x sum + per_square x squares.
struct noise_law {
  double constant = 0.0, per_light = 0.0, per_square = 0.0;

  [[nodiscard]] bool none() const { return constant == 0.0 && per_light == 0.0 && per_square == 0.0; }
  /// Of a sum, over one lane's full light.
  [[nodiscard]] double variance(const detected_light& light) const {
    return constant + per_light * light.sum + per_square * light.squares;
  }
};

/// @throws std::domain_error for a lane without light, or a rate or number of detectors that is not above 0
noise_law law_of(const noise_sources& sources);

} // namespace sonic::physics
