// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/converter_errors.h"
#include "sonic/physics/counter_random.h"
#include "sonic/physics/dac.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace sonic {

using physics::nonlinearity_shape;

TEST_CASE("a nonlinearity has its peak, keeps the ends and never turns back") {
  double worst_peak = 0.0;
  for (const auto shape : {nonlinearity_shape::bow, nonlinearity_shape::s_curve}) {
    for (const double peak_lsb : {0.5, -2.0, 6.0}) {
      const physics::dac converter({12, 0.25, 3.0});
      const physics::integral_nonlinearity error(shape, peak_lsb, 12);
      double peak = 0.0, steepest = 0.0, last = 0.0;
      for (std::uint32_t code = 0; code <= converter.full_code(); ++code) {
        const double drive = converter.drive(code), output = error.distorted(drive);
        peak = std::max(peak, std::abs(output - drive) * converter.full_code());
        if (code > 0) {
          REQUIRE(output > last);
          steepest = std::max(steepest, std::abs((output - last) * converter.full_code() - 1.0));
        }
        last = output;
      }
      worst_peak = std::max(worst_peak, std::abs(peak - std::abs(peak_lsb)) / std::abs(peak_lsb));
      CHECK(error.distorted(0.0) == 0.0);
      CHECK(error.distorted(1.0) == 1.0);
      CHECK(steepest <= error.largest_differential_lsb());
      CHECK(steepest == Approx(error.largest_differential_lsb()).epsilon(2e-3));
    }
  }
  WARN("largest relative deviation of the peak " << worst_peak);
  CHECK(worst_peak < 1e-6); // the code nearest to the peak is not on it
}

TEST_CASE("a nonlinearity that no converter has is refused") {
  CHECK_THROWS_AS(physics::integral_nonlinearity(nonlinearity_shape::bow, 16.0, 6), std::domain_error);
  CHECK_THROWS_AS(physics::integral_nonlinearity(nonlinearity_shape::s_curve, 7.0, 6), std::domain_error);
  CHECK_THROWS_AS(physics::integral_nonlinearity(nonlinearity_shape::bow, NAN, 6), std::domain_error);
  CHECK_THROWS_AS(physics::integral_nonlinearity(nonlinearity_shape::bow, 0.1, 0), std::domain_error);
  CHECK_NOTHROW(physics::integral_nonlinearity(nonlinearity_shape::bow, 15.0, 6));
}

TEST_CASE("the noise before a converter leaves its effective bits") {
  CHECK(physics::adc_noise_lsb(8, 8.0) == 0.0);
  CHECK(physics::adc_noise_lsb(16, 15.0) == Approx(0.5)); // (4 - 1) / 12
  CHECK_THROWS_AS(physics::adc_noise_lsb(8, 8.1), std::domain_error);
  // A sine over the full scale: bits = (10 log10(signal / error) - 1.76) / 6.02. The codes are one fewer on each side
  // than 2^bits, which makes the sine smaller by that.
  constexpr std::size_t samples = 100000;
  const std::uint64_t seed = 1241;
  double worst = 0.0;
  for (const double effective_bits : {12.0, 10.5, 8.0, 6.25}) {
    const physics::adc_parameters parameters{12, 14.0, 62.0};
    const double full_scale = 0.7;
    const physics::adc converter(parameters, full_scale * 1.05); // room for the noise, taken out below
    const double noise = physics::adc_noise(parameters, effective_bits, full_scale * 1.05);
    std::vector<double> deviates(samples);
    physics::fill_normal(seed, physics::stream_of(physics::random_purpose::adc, 0), 0, deviates);
    double error = 0.0;
    for (std::size_t i = 0; i < samples; ++i) {
      const double sine = full_scale * std::sin(0.1 + static_cast<double>(i) * 2.0 * M_PI * 0.0381966);
      const double read = converter.code(static_cast<float>(sine + noise * deviates[i])) * converter.lsb();
      error += (read - sine) * (read - sine) / samples;
    }
    const double largest_sine = full_scale * 1.05;
    const double measured = (10.0 * std::log10(largest_sine * largest_sine / 2.0 / error) - 1.76) / 6.02;
    WARN("12 bits with noise for " << effective_bits << ": measured " << measured);
    worst = std::max(worst, std::abs(measured - effective_bits));
  }
  WARN("largest deviation " << worst << " bits, seed " << seed);
  CHECK(worst < 0.02);
}

} // namespace sonic
