// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/ambient_drift.h"

#include <cmath>
#include <stdexcept>

namespace sonic::physics {

namespace {

/// The first number of steps with which |from + steps x step| passes the threshold; step is not 0, |from| does not.
double steps_until_beyond(double from, double step, double threshold) {
  const double room = step > 0 ? threshold - from : threshold + from;
  return std::floor(room / std::abs(step)) + 1.0;
}

} // namespace

drift_state drift_at(const drift_parameters& p, std::uint32_t program) {
  if (!(p.threshold_nm >= 0.0)) {
    throw std::domain_error("a threshold of drift is not negative");
  }
  const auto shift_at = [&](double number) { return p.first_nm + number * p.step_nm; };
  const bool at_once = std::abs(p.first_nm) > p.threshold_nm;
  if (p.threshold_nm == 0.0 || (p.step_nm == 0.0 && !at_once)) {
    return {shift_at(program), false};
  }
  if (p.step_nm == 0.0) {
    return {0.0, program == 0};
  }
  const double first = at_once ? 0.0 : steps_until_beyond(p.first_nm, p.step_nm, p.threshold_nm);
  if (program < first) {
    return {shift_at(program), false};
  }
  // A step too small to count, however many there are, is none.
  const double period = steps_until_beyond(0.0, p.step_nm, p.threshold_nm);
  const double last = std::isinf(period) ? first : first + std::floor((program - first) / period) * period;
  return {shift_at(program) - shift_at(last), last == program};
}

} // namespace sonic::physics
