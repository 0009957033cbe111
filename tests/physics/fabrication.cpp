// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/fabrication.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace sonic {

TEST_CASE("the offsets of rings have the deviation, the mean magnitude and the correlation asked for") {
  constexpr int banks = 20000;
  const double deviation_nm = physics::deviation_of_mean_magnitude(2.1);
  for (const double correlation : {0.0, 0.6, 1.0}) {
    double magnitude = 0.0, variance = 0.0, together = 0.0, apart = 0.0;
    double before = 0.0;
    for (std::uint64_t bank = 0; bank < banks; ++bank) {
      const auto offsets = physics::ring_offsets_nm({deviation_nm, correlation}, 42, bank, 5);
      magnitude += std::abs(offsets[0]) / banks;
      variance += offsets[0] * offsets[0] / banks;
      together += offsets[0] * offsets[4] / banks;
      apart += offsets[0] * before / banks;
      before = offsets[0];
    }
    const double unit = deviation_nm * deviation_nm;
    WARN("correlation " << correlation << ": mean magnitude " << magnitude << " nm (2.1), deviation "
                        << std::sqrt(variance) << " nm (" << deviation_nm << "), correlation " << together / unit
                        << ", of banks " << apart / unit);
    CHECK(magnitude == Approx(2.1).margin(4 * deviation_nm * std::sqrt((1 - 2 / M_PI) / banks)));
    CHECK(variance / unit == Approx(1.0).margin(4 * std::sqrt(2.0 / banks)));
    CHECK(together / unit == Approx(correlation).margin(4 * std::sqrt(2.0 / banks)));
    CHECK(apart / unit == Approx(0.0).margin(4 * std::sqrt(1.0 / banks)));
  }
}

TEST_CASE("a bank's offsets do not depend on what else is drawn") {
  const physics::fabrication_parameters spread{2.0, 0.5};
  const auto all = physics::ring_offsets_nm(spread, 3, 9, 50);
  const auto again = physics::ring_offsets_nm(spread, 3, 9, 50);
  const auto fewer = physics::ring_offsets_nm(spread, 3, 9, 7);
  CHECK(all == again);
  CHECK(std::equal(fewer.begin(), fewer.end(), all.begin()));
  CHECK(physics::ring_offsets_nm(spread, 4, 9, 50) != all);
  const auto shared = physics::ring_offsets_nm({2.0, 1.0}, 3, 9, 10);
  CHECK(std::count(shared.begin(), shared.end(), shared.front()) == 10);
  CHECK_THROWS_AS(physics::ring_offsets_nm({-1.0, 0.5}, 3, 9, 5), std::domain_error);
  CHECK_THROWS_AS(physics::ring_offsets_nm({1.0, 1.5}, 3, 9, 5), std::domain_error);
}

TEST_CASE("heaters bring a ring up to its wavelength, or to its next resonance") {
  CHECK(physics::heater_shift_nm(-2.0, 18.0) == Approx(2.0));
  CHECK(physics::heater_shift_nm(2.0, 18.0) == Approx(16.0));
  CHECK(physics::heater_shift_nm(-20.0, 18.0) == Approx(2.0));
  CHECK(physics::heater_shift_nm(0.0, 18.0) == 0.0);
  CHECK(physics::ambient_shift_nm(0.075, -4.0) == Approx(-0.3));
}

} // namespace sonic
