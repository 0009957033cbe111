// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/converter_errors.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace sonic::physics {

namespace {

constexpr double s_curve_factor = 6.0 * std::numbers::sqrt3;

/// Largest magnitude of the slope, which both curves have at the ends.
double steepest(nonlinearity_shape shape) {
  return shape == nonlinearity_shape::bow ? 4.0 : s_curve_factor;
}

} // namespace

integral_nonlinearity::integral_nonlinearity(nonlinearity_shape shape, double peak_lsb, int bits)
    : shape_(shape), peak_(peak_lsb / (std::ldexp(1.0, bits) - 1.0)) {
  if (bits < 1 || bits > 24) {
    throw std::domain_error("a converter has 1 to 24 bits");
  }
  if (!(std::abs(peak_) * steepest(shape) < 1.0)) {
    throw std::domain_error("with this nonlinearity the converter's output no longer rises with its code");
  }
}

double integral_nonlinearity::distorted(double drive) const {
  const double x = drive;
  const double curve =
      shape_ == nonlinearity_shape::bow ? 4.0 * x * (1.0 - x) : s_curve_factor * x * (1.0 - x) * (1.0 - 2.0 * x);
  return x + peak_ * curve;
}

double integral_nonlinearity::largest_differential_lsb() const {
  return std::abs(peak_) * steepest(shape_);
}

double adc_noise_lsb(int bits, double effective_bits) {
  if (!(effective_bits <= bits)) {
    throw std::domain_error("a converter has no more effective bits than bits");
  }
  return std::sqrt((std::pow(4.0, bits - effective_bits) - 1.0) / 12.0);
}

double adc_noise(const adc_parameters& parameters, double effective_bits, double full_scale) {
  return adc_noise_lsb(parameters.bits, effective_bits) * adc(parameters, full_scale).lsb();
}

} // namespace sonic::physics
