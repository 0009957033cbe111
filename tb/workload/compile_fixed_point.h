// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/program.h"

namespace sonic::workload {

/// Largest magnitudes of the operands that a multiplier meets, see docs/numbers.md.
inline constexpr double largest_partial_sum = 2147483648.0; ///< 2^31
inline constexpr double largest_code = 65535.0;
inline constexpr double largest_mean = 65535.0 * 65536.0; ///< average pool, 16 fractional bits

/// A channel's real coefficients: output code = a * acc + b * acc_b + offset.
struct real_channel {
  double a = 1.0;
  double b = 0.0;
  double offset = 0.0;
};

/// Chooses multipliers, offset and shift for real coefficients: the largest shift up to 46 at which multipliers fit 32
/// bits and no intermediate result passes 2^62, each rounded half away from zero. Coefficients so large that the
/// output is in saturation anyway are limited.
/// @param largest_a,largest_b magnitudes of the operands; largest_b is 0 without a second operand
/// @param negative_slope_q15  follows in the same 64 bits
void set_fixed_point(channel_parameters& channel, const real_channel& real, double largest_a, double largest_b,
                     std::int32_t negative_slope_q15);

} // namespace sonic::workload
