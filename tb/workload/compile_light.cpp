// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile_light.h"

#include "sonic/core/error.h"
#include "tb/workload/cluster.h"
#include "tb/workload/compile_fixed_point.h"

#include <algorithm>
#include <cmath>

namespace sonic::workload {

namespace {

/// Partial sums of one output; each is a code of at most 16 bits with sign, and their sum has 32.
constexpr std::int64_t most_blocks_per_sum = 65535;

/// Largest number of blocks that one output channel of a convolution takes.
std::int64_t blocks_per_kernel(const weight_matrix& weights, std::int64_t slice, std::int64_t lanes) {
  std::int64_t largest = 0;
  for (std::int64_t row = 0; row < weights.rows; ++row) {
    std::int64_t blocks = 0;
    for (std::int64_t begin = 0; begin < weights.columns; begin += slice) {
      const auto* const first = weights.codes.data() + row * weights.columns + begin;
      const auto stored = slice - std::count(first, first + slice, std::int16_t{-1});
      blocks += (stored + lanes - 1) / lanes;
    }
    largest = std::max(largest, blocks);
  }
  return largest;
}

void check_blocks(const step& layer, const numerics& how) {
  const auto& w = layer.weights;
  if ((layer.kind == step_kind::convolution ? w.columns : w.rows) <= most_blocks_per_sum) {
    return; // each block holds one weight of the output at least
  }
  const std::int64_t slice = how.slice_packing ? layer.geometry.kernel[0] * layer.geometry.kernel[1] : w.columns;
  const std::int64_t blocks = layer.kind == step_kind::convolution ? blocks_per_kernel(w, slice, how.conv_lanes)
                                                                   : (w.rows + how.fc_lanes - 1) / how.fc_lanes;
  if (blocks > most_blocks_per_sum) {
    throw core::user_error(layer.name, "one output takes " + std::to_string(blocks) + " partial sums",
                           "expected at most " + std::to_string(most_blocks_per_sum) +
                               ", which a 32-bit accumulator holds for certain");
  }
}

/// Sum of the levels of each channel: what one step of the zero point adds to its analog sums.
std::vector<double> level_sums(const weight_matrix& w, bool channel_is_row) {
  const auto rows = static_cast<std::size_t>(w.rows);
  const auto columns = static_cast<std::size_t>(w.columns);
  std::vector<double> level(1, 0.0); // by code + 1: a zero adds nothing
  level.insert(level.end(), w.codebook.begin(), w.codebook.end());
  std::vector<double> sums(channel_is_row ? rows : columns, 0.0);
  const std::int16_t* code = w.codes.data();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      sums[channel_is_row ? row : column] += level[static_cast<std::size_t>(*code++ + 1)];
    }
  }
  return sums;
}

/// Levels of the broadband ring, one per channel, in proportion to the scale; empty where it has no scale to apply.
std::vector<std::uint32_t> ring_levels(const step& layer, const fused_layer& source, const numerics& how) {
  double largest = 0.0;
  for (const double gain : source.gain) {
    largest = std::max(largest, std::abs(gain));
  }
  if (!how.ring_batch_norm || !source.scaled || layer.kind != step_kind::convolution || largest == 0.0) {
    return {};
  }
  const double full = (1 << how.ring_bits) - 1;
  std::vector<std::uint32_t> levels;
  for (std::size_t c = 0; c < layer.channels.size(); ++c) {
    const double level = std::nearbyint(std::abs(channel_entry(source.gain, c)) / largest * full);
    levels.push_back(static_cast<std::uint32_t>(std::max(level, 1.0)));
  }
  return levels;
}

/// Gives zeros a level of their own, so that they are stored as any other weight.
void store_zeros(weight_matrix& w) {
  if (std::find(w.codes.begin(), w.codes.end(), std::int16_t{-1}) == w.codes.end()) {
    return;
  }
  const auto zero = static_cast<std::int16_t>(w.codebook.size());
  w.codebook.push_back(0.0F);
  std::replace(w.codes.begin(), w.codes.end(), std::int16_t{-1}, zero);
}

} // namespace

float adc_inverse_lsb(float full_scale, int adc_bits) {
  return static_cast<float>(((1 << (adc_bits - 1)) - 1) / static_cast<double>(full_scale));
}

void set_adc_full_scale(step& layer, float full_scale, int adc_bits) {
  layer.adc_full_scale = full_scale;
  const auto codes_per_unit = static_cast<double>(adc_inverse_lsb(full_scale, adc_bits));
  for (auto& channel : layer.channels) {
    set_fixed_point(channel, {channel.exact_a / codes_per_unit, 0.0, channel.exact_offset}, largest_partial_sum, 0.0,
                    layer.negative_slope_q15);
  }
}

void place_on_light(step& layer, const fused_layer& source, const tensor& weights, const program& target,
                    const numerics& how) {
  const bool conv = layer.kind == step_kind::convolution;
  auto& w = layer.weights;
  w.rows = weights.extents.front();
  w.columns = static_cast<std::int64_t>(weights.values.size()) / w.rows;
  w.stores_zeros = how.keep_zeros;
  layer.channels.resize(static_cast<std::size_t>(conv ? w.rows : w.columns));
  const auto rings = ring_levels(layer, source, how);
  for (std::size_t c = 0; c < layer.channels.size(); ++c) {
    auto& channel = layer.channels[c];
    channel.ring_level = rings.empty() ? 0 : rings[c];
    channel.exact_a = channel_entry(source.gain, c);
    channel.exact_offset = channel_entry(source.shift, c);
  }
  if (how.element == element_kind::float32) {
    w.values = weights.values;
    return;
  }
  auto shared = share_weights(weights.values, layer.channels.size(), conv, how.weight_bits, layer.name);
  w.codes = std::move(shared.codes);
  w.codebook = std::move(shared.codebook);
  if (how.keep_zeros) {
    store_zeros(w);
  }
  check_blocks(layer, how);

  // From here on, coefficients are in output codes: a per unit of the analog sum behind the ring.
  const slot& in = target.slots[layer.input];
  const slot& out = target.slots[layer.output];
  const auto sums = level_sums(w, conv);
  const auto full_level = static_cast<float>((1 << how.ring_bits) - 1);
  for (std::size_t c = 0; c < layer.channels.size(); ++c) {
    auto& channel = layer.channels[c];
    const double per_level = channel.exact_a * shared.channel_scale[c] * in.scale;
    const float transmission = channel.ring_level == 0 ? 1.0F : static_cast<float>(channel.ring_level) / full_level;
    channel.exact_offset = (channel.exact_offset - per_level * in.zero_point * sums[c]) / out.scale;
    channel.exact_a = per_level / (static_cast<double>(transmission) * out.scale);
  }
  const int lanes = conv ? how.conv_lanes : how.fc_lanes;
  const int largest_activation = (1 << how.activation_bits) - 1;
  set_adc_full_scale(layer, static_cast<float>(lanes) * static_cast<float>(largest_activation), how.adc_bits);
}

} // namespace sonic::workload
