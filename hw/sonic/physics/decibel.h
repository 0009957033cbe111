// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace sonic::physics {

/// 10 log10(ratio of powers).
inline double decibel_of(double power_ratio) {
  return 10.0 * std::log10(power_ratio);
}

inline double ratio_of_decibel(double decibel) {
  return std::pow(10.0, decibel / 10.0);
}

/// dBm are decibel over one milliwatt.
inline double dbm_of_mw(double power_mw) {
  return decibel_of(power_mw);
}

inline double mw_of_dbm(double power_dbm) {
  return ratio_of_decibel(power_dbm);
}

} // namespace sonic::physics
