// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/conversion_noise.h"

#include <stdexcept>

namespace sonic::physics {

noise_law law_of(const noise_sources& sources) {
  if (!(sources.lane_mw > 0.0) || sources.detectors < 1) {
    throw std::domain_error("a unit has a detector, and its lanes have light");
  }
  // The coefficients are those of one lane's noise with one kind at a time.
  auto quiet = sources.receiver;
  quiet.relative_intensity_noise_db_per_hz = -1e4; // none
  auto dark = quiet;
  dark.dark_current_a *= sources.detectors;
  const auto variance = [&](const receiver_parameters& of, double power_mw) {
    const double relative =
        symbol_noise_a(of, power_mw, sources.symbol_rate_hz) / (of.responsivity_a_per_w * sources.lane_mw * 1e-3);
    return relative * relative;
  };
  noise_law law;
  if (sources.receiver_noise) {
    law.constant = variance(dark, 0.0);
    law.per_light = variance(quiet, sources.lane_mw) - variance(quiet, 0.0);
  }
  if (sources.intensity_noise) {
    law.per_square = variance(sources.receiver, sources.lane_mw) - variance(quiet, sources.lane_mw);
  }
  return law;
}

} // namespace sonic::physics
