// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile_fixed_point.h"
#include "tests/support/graph_builder.h"

#include <cmath>

#include <catch2/catch.hpp>

using namespace sonic::workload;

namespace {

std::int64_t scaled(const channel_parameters& p, std::int64_t a, std::int64_t b) {
  return (a * p.multiplier_a + b * p.multiplier_b + p.offset + (std::int64_t{1} << (p.shift - 1))) >> p.shift;
}

/// Largest magnitude of any intermediate result, in long double, which does not overflow.
long double largest_intermediate(const channel_parameters& p, double a, double b, std::int32_t slope) {
  const long double sum =
      std::abs(static_cast<long double>(p.multiplier_a)) * a + std::abs(static_cast<long double>(p.multiplier_b)) * b +
      std::abs(static_cast<long double>(p.offset)) + std::ldexp(1.0L, static_cast<int>(p.shift) - 1);
  const long double behind = std::ldexp(sum, -static_cast<int>(p.shift)) * std::max(1.0L, std::abs(1.0L * slope));
  return std::max(sum, behind + std::ldexp(1.0L, 14));
}

} // namespace

TEST_CASE("numbers: multipliers and shift give the real coefficients within half a code and their own rounding",
          "[fixed_point]") {
  const std::uint64_t seed = 31;
  sonic::tests::random_source random(seed);
  double worst = 0.0;
  for (int i = 0; i < 5000; ++i) {
    const double magnitude = std::ldexp(1.0, static_cast<int>(random.integer(-30, -2)));
    const real_channel real{random.real(-1.0, 1.0) * magnitude, 0.0, random.real(-1e5, 1e5)};
    channel_parameters p;
    set_fixed_point(p, real, largest_partial_sum, 0.0, 32768);
    const std::int64_t acc = random.integer(-(std::int64_t{1} << 24), std::int64_t{1} << 24);
    CAPTURE(seed, i, real.a, real.offset, acc, p.shift);
    REQUIRE(p.shift >= 1);
    REQUIRE(p.shift <= 46);
    const double exact = real.a * static_cast<double>(acc) + real.offset;
    const double deviation = std::abs(static_cast<double>(scaled(p, acc, 0)) - exact);
    const double bound =
        0.5 + 0.5 * (std::abs(static_cast<double>(acc)) + 1.0) * std::ldexp(1.0, -static_cast<int>(p.shift)) + 1e-6;
    CHECK(deviation <= bound);
    worst = std::max(worst, deviation);
  }
  WARN("largest deviation " << worst << " codes");
}

TEST_CASE("numbers: the shift is the largest at which a multiplier fits 32 bits", "[fixed_point]") {
  channel_parameters p;
  set_fixed_point(p, {0.75, 0.0, 0.0}, largest_code, 0.0, 32768);
  CHECK(p.shift == 31);
  CHECK(p.multiplier_a == 3 << 29);
  set_fixed_point(p, {-1.0, 0.0, -5.0}, largest_code, 0.0, 32768);
  CHECK(p.shift == 30);
  CHECK(p.multiplier_a == -(1 << 30));
  CHECK(p.offset == -(std::int64_t{5} << 30));
}

TEST_CASE("numbers: half a code is added before the floor of the shift, so ties go up", "[fixed_point]") {
  channel_parameters p;
  set_fixed_point(p, {0.5, 0.0, 0.0}, largest_code, 0.0, 32768);
  CHECK(scaled(p, 1, 0) == 1);
  CHECK(scaled(p, -1, 0) == 0);
  CHECK(scaled(p, -3, 0) == -1);
  CHECK(scaled(p, 3, 0) == 2);
}

TEST_CASE("numbers: no intermediate result overflows, whatever the coefficients", "[fixed_point]") {
  const std::uint64_t seed = 32;
  sonic::tests::random_source random(seed);
  for (int i = 0; i < 5000; ++i) {
    const auto any = [&] { return random.real(-1.0, 1.0) * std::pow(10.0, random.real(-40.0, 40.0)); };
    const double operands[] = {largest_partial_sum, largest_code, largest_mean};
    const double largest_a = operands[random.integer(0, 2)];
    const double largest_b = random.chance(0.5) ? largest_code : 0.0;
    const real_channel real{any(), largest_b > 0.0 ? any() : 0.0, any()};
    const auto slope = static_cast<std::int32_t>(random.integer(-(1 << 20), 1 << 20));
    channel_parameters p;
    set_fixed_point(p, real, largest_a, largest_b, slope);
    CAPTURE(seed, i, real.a, real.b, real.offset, slope, p.shift);
    CHECK(p.shift >= 1);
    CHECK(p.shift <= 46);
    CHECK(largest_intermediate(p, largest_a, largest_b, slope) < std::ldexp(1.0L, 63));
  }
}
