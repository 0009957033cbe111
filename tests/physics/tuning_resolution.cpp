// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/tuning_resolution.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

namespace sonic {

TEST_CASE("the steepest slope of a dip is where its second derivative vanishes") {
  // T(d) = 1 - D h^2 / (d^2 + h^2): T' = 2 D d h^2 / (d^2 + h^2)^2, T'' = 0 at d = h / sqrt 3, where
  // T' = 2 D (h / sqrt 3) h^2 / (4 h^2 / 3)^2 = D 3 sqrt 3 / (8 h).
  const physics::microring ring({1550.0, 8000.0, 18.0, 20.0});
  const double h = ring.half_linewidth_nm(), delta = 1e-6;
  double steepest = 0.0, at = 0.0;
  for (double d = 0.0; d < 5.0 * h; d += h / 1000.0) {
    const double slope = (ring.through(d + delta) - ring.through(d - delta)) / (2.0 * delta);
    if (slope > steepest) {
      steepest = slope;
      at = d;
    }
  }
  WARN("steepest slope " << steepest << " per nm at " << at / h << " h, closed form "
                         << physics::steepest_slope_per_nm(ring));
  CHECK(steepest == Approx(physics::steepest_slope_per_nm(ring)).epsilon(1e-6));
  CHECK(at / h == Approx(1.0 / std::sqrt(3.0)).margin(1e-3));
}

TEST_CASE("stepped tuning errs by no more than the slope times half a step, and nearly by as much") {
  const physics::microring ring({1550.0, 8000.0, 18.0, 20.0});
  for (const int bits : {4, 6, 8, 12, 16}) {
    const physics::stepped_tuning tuning(10.0 * ring.half_linewidth_nm(), bits);
    const double bound = physics::largest_imprint_error(ring, tuning);
    const double most = ring.through(tuning.range_nm());
    double worst = 0.0;
    for (int i = 0; i <= 200000; ++i) {
      const double t = ring.minimum_transmission() + (most - ring.minimum_transmission()) * i / 200000.0;
      worst = std::max(worst, std::abs(tuning.imprinted(ring, t) - t));
    }
    WARN(bits << " bits: largest error " << worst << ", bound " << bound << ", step " << tuning.step_nm() << " nm");
    CHECK(worst <= bound * (1.0 + 1e-9));
    CHECK(worst > 0.6 * bound);
  }
}

TEST_CASE("detunings stay within the range of the tuning") {
  const physics::stepped_tuning tuning(1.5, 2); // 0, 0.5, 1, 1.5
  CHECK(tuning.step_nm() == 0.5);
  CHECK(tuning.nearest(0.6) == 0.5);
  CHECK(tuning.nearest(1.4) == 1.5);
  CHECK(tuning.nearest(9.0) == 1.5);
  CHECK(tuning.nearest(-1.0) == 0.0);
  CHECK_THROWS_AS(physics::stepped_tuning(0.0, 4), std::domain_error);
  CHECK_THROWS_AS(physics::stepped_tuning(1.0, 0), std::domain_error);
  CHECK_THROWS_AS(physics::stepped_tuning(1.0, 25), std::domain_error);
  const physics::microring ring({1550.0, 8000.0, 18.0, 20.0});
  CHECK_THROWS_AS(tuning.imprinted(ring, 1.0), std::domain_error);
}

} // namespace sonic
