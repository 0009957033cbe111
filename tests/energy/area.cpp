// SPDX-License-Identifier: Apache-2.0
#include "sonic/energy/area.h"

#include <catch2/catch.hpp>

using namespace sonic;

TEST_CASE("every area is that of its own devices") {
  // One figure and one count at a time, all different.
  const energy::device_areas areas{1, 2, 3, 4, 5, 6, 7, 0.5, 9e6};
  const energy::device_counts counts{1000000, 2000000, 3000000, 4000000,  5000000, 6000000,
                                     7000000, 8000000, 9000000, 10000000, 11000000};
  const auto lines = energy::area_of(areas, counts);
  const std::vector<std::pair<std::string, double>> right{{"vcsel", 1},
                                                          {"microring", 4},
                                                          {"photodetector", 9},
                                                          {"transimpedance_amplifier", 16},
                                                          {"activation_dac", 25},
                                                          {"weight_dac", 36},
                                                          {"adc", 49},
                                                          {"global_buffer", 4},
                                                          {"weight_buffer", 4.5},
                                                          {"activation_buffer", 5},
                                                          {"partial_sum_buffer", 5.5},
                                                          {"control", 9}};
  REQUIRE(lines.size() == right.size());
  double sum = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    CAPTURE(i);
    CHECK(lines[i].device == right[i].first);
    CHECK(lines[i].mm2 == Approx(right[i].second).epsilon(1e-14));
    sum += right[i].second;
  }
  CHECK(energy::total_mm2(areas, counts) == Approx(sum).epsilon(1e-14));
  CHECK(energy::total_mm2({}, counts) == 0.0);
}
