// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/workload/codes.h"
#include "tests/support/graph_builder.h"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace sonic::workload;

TEST_CASE("numbers: a range without negative values has zero point 0 and the largest code at its maximum", "[codes]") {
  const auto q = quantise_range({0.25, 3.0}, 8, "x");
  CHECK(q.zero_point == 0);
  CHECK(q.scale == 3.0 / 255.0);
  CHECK(encode(3.0, q, 8) == 255);
}

TEST_CASE("numbers: the zero point is the rounded distance of the minimum, half to even", "[codes]") {
  const auto q = quantise_range({-1.0, 2.0}, 2, "x"); // scale 1
  CHECK(q.scale == 1.0);
  CHECK(q.zero_point == 1);
  CHECK(quantise_range({-1.0, 5.0}, 2, "x").zero_point == 0);  // 0.5
  CHECK(quantise_range({-3.0, 3.0}, 2, "x").zero_point == 2);  // 1.5
  CHECK(quantise_range({-4.0, -1.0}, 2, "x").zero_point == 3); // widened to [-4, 0]
}

TEST_CASE("numbers: real zero is always a code", "[codes]") {
  const std::uint64_t seed = 11;
  sonic::tests::random_source random(seed);
  for (int i = 0; i < 1000; ++i) {
    const int bits = static_cast<int>(random.integer(1, 16));
    const double a = random.real(-5.0, 5.0);
    const double b = random.real(-5.0, 5.0);
    CAPTURE(seed, i, bits, a, b);
    const auto q = quantise_range({std::min(a, b), std::max(a, b)}, bits, "x");
    CHECK(encode(0.0, q, bits) == q.zero_point);
    CHECK(decode({static_cast<std::uint16_t>(q.zero_point)}, {"x", 0, {}, q.scale, q.zero_point, 0}, {1}).values[0] ==
          0.0F);
  }
}

TEST_CASE("numbers: quantising rounds half to even and clamps", "[codes]") {
  const quantisation q{1.0, 10};
  CHECK(encode(0.5, q, 8) == 10);
  CHECK(encode(1.5, q, 8) == 12);
  CHECK(encode(2.5, q, 8) == 12);
  CHECK(encode(-0.5, q, 8) == 10);
  CHECK(encode(-1.5, q, 8) == 8);
  CHECK(encode(1e9, q, 8) == 255);
  CHECK(encode(-1e9, q, 8) == 0);
  CHECK(encode(std::numeric_limits<double>::infinity(), q, 8) == 255);
  CHECK(encode(-std::numeric_limits<double>::infinity(), q, 8) == 0);
  CHECK(encode(std::numeric_limits<double>::quiet_NaN(), q, 8) == 0);
}

TEST_CASE("numbers: a code is within half a step of its number, within one where the rounded zero point cuts an end",
          "[codes]") {
  const std::uint64_t seed = 12;
  sonic::tests::random_source random(seed);
  double worst = 0.0;
  for (int i = 0; i < 2000; ++i) {
    const double low = random.real(-3.0, 0.0);
    const double high = random.real(0.1, 3.0);
    const auto q = quantise_range({low, high}, 7, "x");
    const slot s{"x", 0, {}, q.scale, q.zero_point, 0};
    const double real = random.real(low, high);
    const double back = static_cast<double>(decode({encode(real, q, 7)}, s, {1}).values[0]);
    const bool at_an_end = real < low + q.scale || real > high - q.scale;
    CAPTURE(seed, i, low, high, real, back);
    const double rounding = 1e-6;
    CHECK(std::abs(back - real) <= q.scale * (at_an_end ? 1.0 : 0.5) + rounding);
    worst = std::max(worst, std::abs(back - real) / q.scale);
  }
  WARN("largest deviation " << worst << " steps, bound 1");
}

TEST_CASE("numbers: a tensor that is zero alone has scale 1 and code 0", "[codes]") {
  const auto q = quantise_range({0.0, 0.0}, 16, "x");
  CHECK(q.scale == 1.0);
  CHECK(q.zero_point == 0);
}

TEST_CASE("a range that is not finite or not in order is refused", "[codes]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(quantise_range({0.0, infinity}, 8, "x"), sonic::core::user_error);
  CHECK_THROWS_AS(quantise_range({-infinity, 0.0}, 8, "x"), sonic::core::user_error);
  CHECK_THROWS_AS(quantise_range({std::nan(""), 1.0}, 8, "x"), sonic::core::user_error);
  CHECK_THROWS_WITH(quantise_range({2.0, 1.0}, 8, "x"), Catch::Contains("tensor x"));
}
