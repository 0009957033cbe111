// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sonic::estimate {

/// Simulated time is a whole number of picoseconds; so is this, as long as it is below 2^53.
inline double ps_of(double nanoseconds) {
  constexpr double ps_per_ns = 1e3;
  const double half_up = nanoseconds * ps_per_ns + 0.5; // as SystemC rounds
  return static_cast<double>(static_cast<std::uint64_t>(half_up));
}

} // namespace sonic::estimate
