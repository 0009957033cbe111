// SPDX-License-Identifier: Apache-2.0
// How real converters differ from evenly stepped ones: integral nonlinearity of a DAC as a smooth curve, and the noise
// by which an ADC has fewer effective bits than output bits (IEEE Std 1241: effective number of bits).
#pragma once

#include "sonic/physics/adc.h"

namespace sonic::physics {

/// The two lowest curves that vanish at both ends of the scale, where gain and offset are calibrated; each has peak 1.
/// Which of them a converter has is not published: estimated.
enum class nonlinearity_shape {
  bow,     ///< 4 x (1 - x), from a source resistance
  s_curve, ///< 6 sqrt 3 x (1 - x) (1 - 2 x), from a saturating differential pair
};

/// Deviation of a converter's output from the straight line between its ends, relative to full scale.
class integral_nonlinearity {
public:
  /// @param peak_lsb largest deviation, in steps; with sign
  /// @param bits     of the converter, 1 to 24: a step is 1 / (2^bits - 1) of full scale
  /// @throws std::domain_error for a number of bits outside that range, or a peak with which the output no longer rises
  integral_nonlinearity(nonlinearity_shape shape, double peak_lsb, int bits);

  /// What the converter gives for a drive.
  /// @param drive 0 to 1, as dac::drive gives it
  [[nodiscard]] double distorted(double drive) const;
  /// Largest difference between one step and the next that this curve can cause, in steps: its steepest slope.
  [[nodiscard]] double largest_differential_lsb() const;

private:
  nonlinearity_shape shape_;
  double peak_; // relative to full scale
};

/// Deviation of the noise before an ADC, in its steps, with which it has @p effective_bits: quantisation has 1/12 of a
/// squared step, and the sum is to be that of a converter of effective_bits:
///   noise^2 = (4^(bits - effective_bits) - 1) / 12.
/// @param effective_bits at most @p bits
/// @throws std::domain_error for more
double adc_noise_lsb(int bits, double effective_bits);

/// The same in units of the analog sum.
double adc_noise(const adc_parameters& parameters, double effective_bits, double full_scale);

} // namespace sonic::physics
