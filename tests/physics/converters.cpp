// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/adc.h"
#include "sonic/physics/dac.h"
#include "sonic/physics/dot_product.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

namespace sonic {

TEST_CASE("a converter's output is within half a step of what was asked, at every resolution") {
  double worst = 0.0;
  for (int bits = 1; bits <= 16; ++bits) {
    CAPTURE(bits);
    const physics::dac converter({bits, 0.25, 3.0});
    REQUIRE(converter.full_code() == (1U << static_cast<unsigned>(bits)) - 1);
    REQUIRE(converter.drive(0) == 0.0);
    REQUIRE(converter.drive(converter.full_code()) == 1.0);
    for (double drive = 0.0; drive <= 1.0; drive += 1.0 / 4099.0) {
      const double error_steps = std::abs(converter.drive(converter.quantise(drive)) - drive) * converter.full_code();
      worst = std::max(worst, error_steps);
    }
    for (std::uint32_t code = 0; code <= converter.full_code(); code += 1 + code / 5) {
      REQUIRE(converter.quantise(converter.drive(code)) == code);
    }
    REQUIRE(converter.quantise(-0.5) == 0);
    REQUIRE(converter.quantise(1.5) == converter.full_code());
  }
  WARN("largest error " << worst << " steps");
  CHECK(worst <= 0.5 + 1e-9);
  CHECK(worst > 0.49);
}

TEST_CASE("halves between two codes go to the even one") {
  const physics::dac converter({2, 0.25, 3.0}); // steps of a third
  CHECK(converter.quantise(0.5 / 3.0) == 0);
  CHECK(converter.quantise(0.5) == 2);
  CHECK(converter.quantise(2.5 / 3.0) == 2);
}

TEST_CASE("a codebook converter gives exactly its levels and finds the nearest") {
  const std::vector<float> levels{-1.0F, -0.25F, 0.125F, 0.75F};
  const physics::codebook_dac converter({2, 0.25, 3.0}, levels);
  for (std::uint32_t code = 0; code < levels.size(); ++code) {
    CHECK(converter.level(code) == levels[code]);
    CHECK(converter.nearest(levels[code]) == code);
  }
  CHECK(converter.nearest(-9.0F) == 0);
  CHECK(converter.nearest(0.4375F) == 2); // as far from 0.125 as from 0.75
  CHECK(converter.nearest(0.44F) == 3);
}

TEST_CASE("a codebook that a converter cannot hold is refused") {
  const physics::dac_parameters two_bits{2, 0.25, 3.0};
  const auto make = [&](const std::vector<float>& levels) { return physics::codebook_dac(two_bits, levels); };
  CHECK_THROWS_AS(make({}), std::domain_error);
  CHECK_THROWS_AS(make({0.1F, 0.2F, 0.3F, 0.4F, 0.5F}), std::domain_error);
  CHECK_THROWS_AS(make({0.1F, 1.01F}), std::domain_error);
  CHECK_THROWS_AS(make({NAN}), std::domain_error);
  CHECK_NOTHROW(make({-1.0F, 1.0F}));
}

TEST_CASE("an analog-to-digital converter is even around zero and half a step exact") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  double worst = 0.0;
  for (const int bits : {4, 8, 12, 16}) {
    for (const double full_scale : {0.37, 1.0, 91234.5}) {
      CAPTURE(bits, full_scale);
      const physics::adc converter({bits, 14.0, 62.0}, full_scale);
      REQUIRE(converter.full_code() == (1 << (bits - 1)) - 1);
      REQUIRE(converter.lsb() * converter.full_code() == Approx(full_scale).epsilon(1e-15));
      REQUIRE(converter.code(static_cast<float>(full_scale)) == converter.full_code());
      REQUIRE(converter.code(static_cast<float>(-3 * full_scale)) == -converter.full_code());
      std::uniform_real_distribution<double> sums(-full_scale, full_scale);
      for (int i = 0; i < 2000; ++i) {
        const auto sum = static_cast<float>(sums(random));
        const std::int32_t code = converter.code(sum);
        REQUIRE(converter.code(-sum) == -code);
        worst = std::max(worst, std::abs(code * converter.lsb() - static_cast<double>(sum)) / converter.lsb());
      }
    }
  }
  WARN("largest error " << worst << " steps, seed " << Catch::rngSeed());
  CHECK(worst <= 0.5 + 0.01); // the step and the product are floats: 2^15 x 2^-23 on top of half a step
}

} // namespace sonic
