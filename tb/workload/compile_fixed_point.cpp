// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile_fixed_point.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sonic::workload {

void set_fixed_point(channel_parameters& channel, const real_channel& real, double largest_a, double largest_b,
                     std::int32_t negative_slope_q15) {
  constexpr int largest_shift = 46;
  constexpr double largest_multiplier = std::numeric_limits<std::int32_t>::max();
  // Each of the three terms stays below `limit`, so that their sum times the slope stays below 3 * 2^60.
  const double slope = std::max(1.0, std::abs(static_cast<double>(negative_slope_q15)));
  const double limit = std::min(std::ldexp(1.0, 45), std::ldexp(1.0, 60) / slope);
  const auto limited = [&](double coefficient, double operand) {
    const double bound = operand > 0.0 ? limit / operand : 0.0;
    return std::clamp(coefficient, -bound, bound);
  };
  const double a = limited(real.a, largest_a);
  const double b = limited(real.b, largest_b);
  const double offset = std::clamp(real.offset, -limit, limit);

  const double largest_sum = std::abs(a) * largest_a + std::abs(b) * largest_b + std::abs(offset) + 1.0;
  int shift = std::min(largest_shift, 61 - std::ilogb(largest_sum));
  const double multiplier = std::max(std::abs(a), std::abs(b));
  while (shift > 1 && std::ldexp(multiplier, shift) > largest_multiplier) {
    --shift;
  }
  channel.multiplier_a = static_cast<std::int32_t>(std::llround(std::ldexp(a, shift)));
  channel.multiplier_b = static_cast<std::int32_t>(std::llround(std::ldexp(b, shift)));
  channel.offset = std::llround(std::ldexp(offset, shift));
  channel.shift = static_cast<std::uint32_t>(shift);
}

} // namespace sonic::workload
