// SPDX-License-Identifier: Apache-2.0
#include "tests/reference_program/error_bound.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <catch2/catch.hpp>

namespace sonic::tests {

using namespace workload;

namespace {

constexpr double half_float_step = 1.0 / 16777216.0; // 2^-24, relative

double largest_magnitude(const tensor& t) {
  const auto [low, high] = range_of(t);
  return std::max(std::abs(static_cast<double>(low)), std::abs(static_cast<double>(high)));
}

/// What the sums of one output channel are made of.
struct channel_sums {
  double weight = 0.0;       ///< sum of |level|
  double weight_error = 0.0; ///< sum of |weight / channel_scale - level|
  double stored = 0.0;       ///< non-zero weights
};

class bounder {
public:
  bounder(const graph& network, const program& source, const numerics& how, const std::vector<tensor>& exact)
      : network_(network), program_(source), how_(how), exact_(exact), bounds_(source.slots.size(), 0.0) {}

  std::vector<double> run() {
    for (const slot_id s : program_.inputs) {
      bound(s) = step_of(s);
    }
    for (const auto& c : program_.constants) {
      bound(c.slot) = step_of(c.slot);
    }
    for (const auto& work : program_.steps) {
      if (const auto* host = std::get_if<host_step>(&work)) {
        // Row sums of the Jacobian: 2 p (1 - p) of softmax, at most 2 of its logarithm.
        const bool logarithm = std::get<softmax>(network_.nodes[host->node].op).logarithm;
        bound(host->output) = (logarithm ? 2.0 : 0.5) * bound(host->input) + step_of(host->output);
      } else {
        const auto& s = std::get<step>(work);
        bound(s.output) = std::max(bound(s.output), of_step(s)); // several steps may write parts of one tensor
      }
    }
    for (slot_id s = 0; s < bounds_.size(); ++s) {
      bounds_[s] = bounds_[program_.slots[s].storage];
    }
    return bounds_;
  }

private:
  double& bound(slot_id s) { return bounds_[program_.slots[s].storage]; }
  /// One step of a slot: half for the rounding, half for the rounded zero point that moves the ends of its range.
  [[nodiscard]] double step_of(slot_id s) const { return program_.slots[s].scale; }

  double of_step(const step& s) {
    double largest = 0.0;
    for (std::size_t c = 0; c < s.channels.size(); ++c) {
      const bool light = s.kind == step_kind::convolution || s.kind == step_kind::fully_connected;
      largest = std::max(largest, light ? of_light(s, c) : of_electronic(s, s.channels[c]));
    }
    // Half a code each: the shift, the slope's product, and the rounded zero point that moves the ends of the range.
    // The slope itself is exact where it is a multiple of 2^-15.
    REQUIRE(std::ldexp(s.exact_negative_slope, 15) == s.negative_slope_q15);
    REQUIRE(std::abs(s.exact_negative_slope) <= 1.0);
    return largest + 1.5 * step_of(s.output);
  }

  double of_electronic(const step& s, const channel_parameters& c) {
    double e = std::abs(c.exact_a) * bound(s.input) + std::abs(c.exact_b) * (s.has_second ? bound(s.second) : 0.0);
    e += s.kind == step_kind::average_pool ? std::abs(c.exact_a) * step_of(s.input) * std::ldexp(1.0, -17) : 0.0;
    // Multipliers and offset are rounded to units of 2^-shift.
    const double operand = s.kind == step_kind::average_pool ? 65535.0 * 65536.0 : 65535.0;
    return e + (2.0 * operand + 1.0) * std::ldexp(0.5, -static_cast<int>(c.shift)) * step_of(s.output);
  }

  double of_light(const step& s, std::size_t c) {
    const auto& p = s.channels[c];
    const slot& in = program_.slots[s.input];
    const double code_step = program_.slots[s.output].scale;
    const double t =
        p.ring_level == 0
            ? 1.0
            : static_cast<double>(static_cast<float>(p.ring_level) / static_cast<float>((1 << how_.ring_bits) - 1));
    // Output per level times activation code, in real numbers.
    const double gain = std::abs(p.exact_a) * t * code_step;
    const channel_sums sums = sums_of(s, c);
    const double largest_input = largest_magnitude(exact_[in.origin]);
    const double largest_code = (1 << how_.activation_bits) - 1;
    const double lanes = s.kind == step_kind::convolution ? how_.conv_lanes : how_.fc_lanes;
    const double slice = s.kind == step_kind::convolution && how_.slice_packing
                             ? static_cast<double>(s.geometry.kernel[0] * s.geometry.kernel[1])
                             : 1e9;
    const double kernel = s.kind == step_kind::convolution ? static_cast<double>(s.weights.columns) : 1.0;
    const double rows = s.kind == step_kind::convolution ? sums.stored : static_cast<double>(s.weights.rows);
    const double blocks = std::ceil(rows / lanes) + std::ceil(kernel / slice);
    const double adc_step = 1.0 / static_cast<double>(adc_inverse_lsb(s.adc_full_scale, how_.adc_bits));

    double e = gain / in.scale * sums.weight * bound(s.input);                // of the operand
    e += gain / in.scale * sums.weight_error * largest_input;                 // of the codebook
    e += std::abs(p.exact_a) * code_step * 0.5 * blocks * adc_step;           // ADC
    e += gain * (lanes + 3.0) * half_float_step * sums.weight * largest_code; // float32 light
    const double full_code = (1 << (how_.adc_bits - 1)) - 1;
    e += (blocks * full_code + 1.0) * std::ldexp(0.5, -static_cast<int>(p.shift)) * code_step; // multiplier
    return e;
  }

  /// Real weights over the channel's scale, and levels.
  channel_sums sums_of(const step& s, std::size_t c) {
    channel_sums sums;
    const auto& w = s.weights;
    const auto columns = static_cast<std::size_t>(w.columns);
    const auto& real = network_.values[network_.nodes[s.nodes[0]].inputs[1]].constant->values;
    const auto channel_of = [&](std::size_t i) { return s.kind == step_kind::convolution ? i / columns : i % columns; };
    double of_layer = 0.0;
    double of_channel = 0.0;
    for (std::size_t i = 0; i < real.size(); ++i) {
      const double magnitude = std::abs(static_cast<double>(real[i]));
      of_layer = std::max(of_layer, magnitude);
      of_channel = channel_of(i) == c ? std::max(of_channel, magnitude) : of_channel;
    }
    // Few distinct weights are kept exactly, relative to the layer's largest; else each channel has its own scale.
    const std::set<float> distinct(real.begin(), real.end());
    const std::size_t non_zero = distinct.size() - distinct.count(0.0F);
    const double scale = non_zero <= (std::size_t{1} << how_.weight_bits) ? of_layer : of_channel;
    for (std::size_t i = 0; i < real.size(); ++i) {
      if (channel_of(i) == c && w.codes[i] >= 0) {
        const auto level = static_cast<double>(w.codebook[static_cast<std::size_t>(w.codes[i])]);
        sums.weight += std::abs(level);
        sums.stored += 1.0;
        sums.weight_error += std::abs(static_cast<double>(real[i]) / scale - level);
      }
    }
    return sums;
  }

  const graph& network_;
  const program& program_;
  const numerics& how_;
  const std::vector<tensor>& exact_;
  std::vector<double> bounds_;
};

} // namespace

std::vector<double> error_bounds(const graph& network, const program& source, const numerics& how,
                                 const std::vector<tensor>& exact) {
  return bounder(network, source, how, exact).run();
}

} // namespace sonic::tests
