// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/bit_flips.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sonic {

TEST_CASE("bits flip at their rate, each place alike, whatever the address") {
  // Bernstein: k of N bits is off by t with a probability of at most 2 exp(-t^2 / (2 (N p (1 - p) + t / 3))).
  const double l = std::log(2e9);
  constexpr std::uint64_t bits = 8192, tiles = 500;
  for (const double p : {1e-4, 0.01, 0.3, 0.9}) {
    double flips = 0.0, late = 0.0;
    for (std::uint32_t tile = 0; tile < tiles; ++tile) {
      const auto found = physics::flipped_bits(p, bits, 7, {1, tile / 100, tile});
      REQUIRE(std::adjacent_find(found.begin(), found.end(), std::greater_equal<>()) == found.end());
      REQUIRE((found.empty() || found.back() < bits));
      flips += static_cast<double>(found.size());
      late += static_cast<double>(std::count_if(found.begin(), found.end(), [](auto bit) { return bit >= bits / 2; }));
    }
    const double expected = bits * tiles * p, bound = l / 3 + std::sqrt(l * l / 9 + 2 * l * expected * (1 - p));
    const double half_bound = l / 3 + std::sqrt(l * l / 9 + l * expected * (1 - p));
    WARN(flips << " flips at " << p << ", " << expected << " expected, " << bound
               << " more or less only once in 1e9 seeds; " << late << " in the later half");
    CHECK(std::abs(flips - expected) <= bound);
    CHECK(std::abs(late - expected / 2) <= half_bound);
  }
}

TEST_CASE("at rates of 0 and 1 no bit flips, and every bit") {
  CHECK(physics::flipped_bits(0.0, 100, 1, {0, 0, 0}).empty());
  std::vector<std::uint64_t> all(100);
  std::iota(all.begin(), all.end(), std::uint64_t{0});
  CHECK(physics::flipped_bits(1.0, 100, 1, {0, 0, 0}) == all);
  CHECK(physics::flipped_bits(0.5, 0, 1, {0, 0, 0}).empty());
  CHECK(physics::flipped_bits(1e-300, 1000, 1, {0, 0, 0}).empty());
}

TEST_CASE("flips depend on seed and address, and on nothing else") {
  const auto here = physics::flipped_bits(0.1, 1000, 1, {2, 3, 4});
  CHECK(physics::flipped_bits(0.1, 1000, 1, {2, 3, 4}) == here);
  CHECK(physics::flipped_bits(0.1, 1000, 2, {2, 3, 4}) != here);
  CHECK(physics::flipped_bits(0.1, 1000, 1, {1, 3, 4}) != here);
  CHECK(physics::flipped_bits(0.1, 1000, 1, {2, 2, 4}) != here);
  CHECK(physics::flipped_bits(0.1, 1000, 1, {2, 3, 5}) != here);
  const auto more = physics::flipped_bits(0.1, 2000, 1, {2, 3, 4}); // more bits change none before
  CHECK(std::equal(here.begin(), here.end(), more.begin()));
}

} // namespace sonic
