// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include <systemc>

namespace sonic::transport {

/// Whole picoseconds of a time, for counting without the kernel; the simulation's resolution is at least as fine.
inline std::uint64_t picoseconds(const sc_core::sc_time& time) {
  static const double per_unit = sc_core::sc_get_time_resolution() / sc_core::sc_time(1.0, sc_core::SC_PS);
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(time.value()) * per_unit));
}

} // namespace sonic::transport
