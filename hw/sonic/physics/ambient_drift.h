// SPDX-License-Identifier: Apache-2.0
// Resonances that drift with the temperature from program to program, and heaters that are set anew when they have
// drifted too far. What holds for a program follows from its number alone, whatever ran before it.
#pragma once

#include <cstdint>

namespace sonic::physics {

struct drift_parameters {
  double first_nm = 0;     ///< shift at program 0 since the first calibration
  double step_nm = 0;      ///< from each program to the next
  double threshold_nm = 0; ///< shift since the last calibration beyond which heaters are set anew; 0: never
};

struct drift_state {
  double shift_nm = 0;      ///< of all rings since their last calibration
  bool recalibrate = false; ///< before this program
};

/// @throws std::domain_error for a threshold below 0
drift_state drift_at(const drift_parameters& parameters, std::uint32_t program);

} // namespace sonic::physics
