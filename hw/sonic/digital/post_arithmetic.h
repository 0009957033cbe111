// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the post-processor in plain C++, statement by statement that of docs/numbers.md.
#pragma once

#include "sonic_regs/regs.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sonic::digital {

/// What a layer of code16 elements says of its post-processing, as in its descriptor.
struct post_constants {
  std::int32_t negative_slope = 0;          ///< in 1/32768, magnitude at most regs::largest_slope
  std::int32_t output_zero_point = 0;       ///< code
  std::int32_t clip_low = 0, clip_high = 0; ///< codes, the second not below the first

  static post_constants of(const regs::descriptor& layer) {
    return {layer.negative_slope, layer.output_zero_point, layer.clip_low, layer.clip_high};
  }
};

/// Requantises quantised sums or codes to output codes.
class code16_post {
public:
  explicit code16_post(const post_constants& layer)
      : slope_(layer.negative_slope), zero_point_(layer.output_zero_point), low_(layer.clip_low),
        high_(layer.clip_high) {}
  explicit code16_post(const regs::descriptor& layer) : code16_post(post_constants::of(layer)) {}

  /// @param a partial sum, pooled value or first operand's code
  /// @param b second operand's code
  [[nodiscard]] std::uint16_t operator()(std::int64_t a, std::int64_t b, const regs::parameters_code16& channel) const {
    // Sums modulo 2^64, as the adders have 64 bits: only a damaged program has larger ones.
    const auto product = [](std::int64_t x, std::int64_t y) {
      return static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(y);
    };
    const std::uint64_t half = std::uint64_t{1} << (channel.shift - 1);
    const std::uint64_t sum = product(a, channel.multiplier_a) + product(b, channel.multiplier_b) +
                              static_cast<std::uint64_t>(channel.offset) + half;
    std::int64_t v = static_cast<std::int64_t>(sum) >> channel.shift;
    if (v < 0 && slope_ != unit_slope) {
      // Beyond 2^40 even the smallest slope leaves the codes, so that this bound changes no result.
      v = (std::max(v, -(std::int64_t{1} << regs::slope_bound_bits)) * slope_ + unit_slope / 2) >>
          regs::slope_fraction_bits;
    }
    v = std::clamp(v, -most, most);
    return static_cast<std::uint16_t>(std::clamp<std::int64_t>(v + zero_point_, low_, high_));
  }

  /// The same for the elements of one channel, in vectors of the processor; the same bits.
  /// @param b   second operand's codes, or null: zeros
  /// @param out may be one of the operands
  void operator()(const std::int32_t* a, std::size_t count, const regs::parameters_code16& channel,
                  std::uint16_t* out) const;
  void operator()(const std::uint16_t* a, const std::uint16_t* b, std::size_t count,
                  const regs::parameters_code16& channel, std::uint16_t* out) const;

  [[nodiscard]] std::int64_t slope() const { return slope_; } ///< in 1/32768
  [[nodiscard]] std::int64_t zero_point() const { return zero_point_; }
  [[nodiscard]] std::int64_t low() const { return low_; }
  [[nodiscard]] std::int64_t high() const { return high_; }

private:
  static constexpr std::int64_t unit_slope = std::int64_t{1} << regs::slope_fraction_bits;
  static constexpr std::int64_t most = std::int64_t{1} << 62; ///< leaves room for the zero point

  /// Whether negative values stay as they are or become zero.
  [[nodiscard]] bool plain() const { return slope_ == unit_slope || slope_ == 0; }

  std::int64_t slope_, zero_point_, low_, high_;
};

/// The same for float32 elements, in double with one rounding.
class float32_post {
public:
  explicit float32_post(const regs::descriptor& layer)
      : slope_(std::bit_cast<float>(layer.negative_slope)), low_(std::bit_cast<float>(layer.clip_low)),
        high_(std::bit_cast<float>(layer.clip_high)) {}

  [[nodiscard]] float operator()(double a, double b, const regs::parameters_float32& channel) const {
    double y = a * channel.multiplier_a + b * channel.multiplier_b + channel.offset;
    if (y < 0.0) {
      y *= slope_;
    }
    return static_cast<float>(std::clamp(y, low_, high_));
  }

  void operator()(const double* a, std::size_t count, const regs::parameters_float32& channel, float* out) const {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = (*this)(a[i], 0.0, channel);
    }
  }
  void operator()(const float* a, const float* b, std::size_t count, const regs::parameters_float32& channel,
                  float* out) const {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = (*this)(a[i], b == nullptr ? 0.0 : b[i], channel);
    }
  }

private:
  double slope_, low_, high_;
};

/// Mean of @p count codes whose sum is @p sum, with 16 fractional bits.
constexpr std::int64_t mean_q16(std::uint64_t sum, std::uint64_t count) {
  return static_cast<std::int64_t>(((sum << regs::mean_fraction_bits) + count / 2) / count);
}

} // namespace sonic::digital
