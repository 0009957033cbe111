// SPDX-License-Identifier: Apache-2.0
// Drift of a program by its number, beside a chip that runs all programs and looks at its thermometer.
#include "sonic/physics/ambient_drift.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

namespace sonic {

TEST_CASE("the drift of a program is that of a chip that has run all programs before") {
  const physics::drift_parameters all[] = {
      {0, 0, 0.005},           {0.004, 0, 0.005},       {0.006, 0, 0.005},      {0.1, 0, 0},
      {0, 0.001, 0.005},       {0, -0.001, 0.005},      {0.003, 0.0007, 0.005}, {0.02, 0.0007, 0.005},
      {-0.004, 0.0003, 0.005}, {0.003, -0.0011, 0.005}, {0, 0.02, 0.005},       {0, 0.001, 0},
      {-0.2, 0.01, 0.03}};
  std::size_t programs = 0, recalibrations = 0;
  for (const auto& p : all) {
    CAPTURE(p.first_nm, p.step_nm, p.threshold_nm);
    double calibrated_nm = 0.0;
    for (std::uint32_t program = 0; program < 200; ++program) {
      CAPTURE(program);
      const double shift_nm = p.first_nm + program * p.step_nm;
      const bool beyond = p.threshold_nm > 0.0 && std::abs(shift_nm - calibrated_nm) > p.threshold_nm + 1e-12;
      if (beyond) {
        calibrated_nm = shift_nm;
      }
      const auto found = physics::drift_at(p, program);
      // Where the drift meets the threshold to rounding, either is right; none of these does.
      REQUIRE(found.recalibrate == beyond);
      REQUIRE(found.shift_nm == Approx(shift_nm - calibrated_nm).margin(1e-12));
      ++programs;
      recalibrations += beyond ? 1U : 0U;
    }
  }
  WARN(programs << " programs, " << recalibrations << " recalibrations");
  CHECK(recalibrations > 200);
  CHECK_THROWS_AS(physics::drift_at({0, 0, -1}, 0), std::domain_error);
}

} // namespace sonic
