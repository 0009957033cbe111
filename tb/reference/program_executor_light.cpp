// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/program_executor_light.h"

#include "sonic/core/instruction_sets.h"
#include "tb/reference/program_executor_block.h"
#include "tb/reference/program_executor_post.h"

#include <algorithm>

namespace sonic::reference {

namespace {

/// Levels by code + 1: a zero weight has the code -1.
std::vector<float> levels_by_code(const workload::weight_matrix& weights) {
  std::vector<float> levels(1, 0.0F);
  levels.insert(levels.end(), weights.codebook.begin(), weights.codebook.end());
  return levels;
}

converter adc_of(const workload::step& s, const workload::numerics& how) {
  return {1.0F, workload::adc_inverse_lsb(s.adc_full_scale, how.adc_bits),
          static_cast<float>((1 << (how.adc_bits - 1)) - 1)};
}

float transmission_of(const workload::channel_parameters& channel, const workload::numerics& how) {
  const auto full_level = static_cast<float>((1 << how.ring_bits) - 1);
  return channel.ring_level == 0 ? 1.0F : static_cast<float>(channel.ring_level) / full_level;
}

/// L stationary values and the streams of as many symbols that they multiply.
struct block {
  std::size_t lanes;
  const float* levels;
  const float* const* streams;
  std::size_t symbols;
};

/// Adds the codes of a block's sums to the accumulators.
SONIC_EACH_INSTRUCTION_SET
void add_codes(const block& light, const converter& adc, float* sums, std::int32_t* totals) {
  add_block(light.lanes, light.levels, light.streams, light.symbols, sums);
  convert_block(adc, sums, light.symbols, totals);
}

/// Largest magnitude of a block's sums behind the ring.
SONIC_EACH_INSTRUCTION_SET
float peak_of(const block& light, float transmission, float* sums) {
  add_block(light.lanes, light.levels, light.streams, light.symbols, sums);
  return largest_magnitude(transmission, sums, light.symbols);
}

} // namespace

/// Output rows [begin, end) of one image.
struct convolution_layer::tile {
  std::int64_t image, begin, end;
};

convolution_layer::convolution_layer(const workload::program& source, const workload::step& s,
                                     const workload::numerics& how)
    : program_(source), step_(s), how_(how) {
  const auto& w = s.weights;
  const auto columns = static_cast<std::size_t>(w.columns);
  const auto slice =
      how.slice_packing ? static_cast<std::size_t>(s.geometry.kernel[0] * s.geometry.kernel[1]) : columns;
  const auto lanes = static_cast<std::size_t>(how.conv_lanes);
  const auto kernels_per_group = static_cast<std::size_t>(w.rows / s.groups);
  const auto level_of = levels_by_code(w);
  const auto zeros = static_cast<std::size_t>(std::count(w.codes.begin(), w.codes.end(), std::int16_t{-1}));
  // One more than is stored: each weight is written behind the last one, and then is kept or not.
  levels_.resize(w.codes.size() - zeros + 1);
  rows_.resize(levels_.size());
  const std::int16_t* code = w.codes.data();
  std::size_t stored = 0;
  for (std::size_t kernel = 0; kernel < static_cast<std::size_t>(w.rows); ++kernel) {
    std::size_t patch_row = kernel / kernels_per_group * columns;
    for (std::size_t column = 0; column < columns; column += slice) {
      const std::size_t first = stored;
      for (std::size_t i = 0; i < slice; ++i, ++code, ++patch_row) {
        levels_[stored] = level_of[static_cast<std::size_t>(*code + 1)];
        rows_[stored] = static_cast<std::uint32_t>(patch_row);
        stored += *code < 0 ? 0U : 1U;
      }
      for (std::size_t end = first; end < stored;) {
        block_ends_.push_back(end = std::min(end + lanes, stored));
      }
    }
    kernel_ends_.push_back(block_ends_.size());
  }
}

void convolution_layer::gather(const std::vector<std::uint16_t>& input, const tile& part,
                               std::vector<float>& patches) const {
  const auto& in = program_.slots[step_.input].extents;
  const std::int64_t out_width = program_.slots[step_.output].extents[3];
  const auto& g = step_.geometry;
  const auto padding = static_cast<float>(step_.pad_code);
  float* to = patches.data();
  for (std::int64_t c = 0; c < in[1]; ++c) {
    const std::uint16_t* plane = input.data() + (part.image * in[1] + c) * in[2] * in[3];
    for (std::int64_t kr = 0; kr < g.kernel[0]; ++kr) {
      for (std::int64_t kc = 0; kc < g.kernel[1]; ++kc) {
        for (std::int64_t r = part.begin; r < part.end; ++r) {
          const std::int64_t row = r * g.strides[0] - g.pads_begin[0] + kr * g.dilations[0];
          const std::int64_t column = kc * g.dilations[1] - g.pads_begin[1]; // of the first symbol
          if (row < 0 || row >= in[2]) {
            to = std::fill_n(to, out_width, padding);
            continue;
          }
          // The symbols [first, last) lie inside.
          const std::int64_t step = g.strides[1];
          const std::int64_t first = std::clamp<std::int64_t>((-column + step - 1) / step, 0, out_width);
          const std::int64_t last = std::clamp<std::int64_t>((in[3] - column + step - 1) / step, first, out_width);
          const std::uint16_t* from = plane + row * in[3];
          std::fill(to, to + first, padding);
          for (std::int64_t q = first; q < last; ++q) {
            to[q] = static_cast<float>(from[column + q * step]);
          }
          std::fill(to + last, to + out_width, padding);
          to += out_width;
        }
      }
    }
  }
}

template <class sink>
void convolution_layer::walk(const std::vector<std::uint16_t>& input, sink& take) const {
  const auto& in = program_.slots[step_.input].extents;
  const auto& out = program_.slots[step_.output].extents;
  const std::int64_t patch_rows = in[1] * step_.geometry.kernel[0] * step_.geometry.kernel[1];
  constexpr std::int64_t symbols_per_tile = 512; // so that a tile's patches stay near the processor
  const std::int64_t rows_per_tile = std::max<std::int64_t>(1, symbols_per_tile / out[3]);
  std::vector<float> patches;
  std::vector<float> sums;
  std::vector<const float*> streams(static_cast<std::size_t>(how_.conv_lanes));
  for (std::int64_t image = 0; image < out[0]; ++image) {
    for (std::int64_t row = 0; row < out[2]; row += rows_per_tile) {
      const tile part{image, row, std::min(out[2], row + rows_per_tile)};
      const auto symbols = static_cast<std::size_t>((part.end - part.begin) * out[3]);
      patches.resize(static_cast<std::size_t>(patch_rows) * symbols);
      sums.resize(symbols);
      gather(input, part, patches);
      for (std::size_t kernel = 0, block = 0; kernel < kernel_ends_.size(); ++kernel) {
        take.begin(kernel, symbols);
        for (; block < kernel_ends_[kernel]; ++block) {
          const std::size_t first = block == 0 ? 0 : block_ends_[block - 1];
          const std::size_t lanes = block_ends_[block] - first;
          for (std::size_t i = 0; i < lanes; ++i) {
            streams[i] = patches.data() + rows_[first + i] * symbols;
          }
          take.add({lanes, levels_.data() + first, streams.data(), symbols}, sums.data());
        }
        const std::size_t plane = (static_cast<std::size_t>(image) * kernel_ends_.size() + kernel);
        take.end(kernel, plane * static_cast<std::size_t>(out[2] * out[3]) + static_cast<std::size_t>(row * out[3]),
                 symbols);
      }
    }
  }
}

namespace {

/// Receives a kernel's blocks and writes its output codes.
struct conv_output {
  const workload::step& s;
  const workload::numerics& how;
  std::vector<std::uint16_t>& output;
  converter adc;
  std::vector<std::int32_t> totals;

  void begin(std::size_t kernel, std::size_t symbols) {
    adc.transmission = transmission_of(channel_of(s, static_cast<std::int64_t>(kernel)), how);
    totals.assign(symbols, 0);
  }
  void add(const block& light, float* sums) { add_codes(light, adc, sums, totals.data()); }
  void end(std::size_t kernel, std::size_t first, std::size_t symbols) {
    const auto& channel = channel_of(s, static_cast<std::int64_t>(kernel));
    for (std::size_t i = 0; i < symbols; ++i) {
      output[first + i] = post_process(totals[i], 0, channel, s);
    }
  }
};

/// Receives a kernel's blocks and keeps the largest.
struct conv_peak {
  const workload::step& s;
  const workload::numerics& how;
  float transmission = 1.0F;
  float largest = 0.0F;

  void begin(std::size_t kernel, std::size_t) {
    transmission = transmission_of(channel_of(s, static_cast<std::int64_t>(kernel)), how);
  }
  void add(const block& light, float* sums) { largest = std::max(largest, peak_of(light, transmission, sums)); }
  void end(std::size_t, std::size_t, std::size_t) {}
};

} // namespace

void convolution_layer::run(const std::vector<std::uint16_t>& input, std::vector<std::uint16_t>& output) const {
  conv_output results{step_, how_, output, adc_of(step_, how_), {}};
  walk(input, results);
}

float convolution_layer::analog_peak(const std::vector<std::uint16_t>& input) const {
  conv_peak peak{step_, how_};
  walk(input, peak);
  return peak.largest;
}

fully_connected_layer::fully_connected_layer(const workload::program&, const workload::step& s,
                                             const workload::numerics& how)
    : step_(s), how_(how), level_of_(levels_by_code(s.weights)) {}

template <class sink>
void fully_connected_layer::walk(const std::vector<std::uint16_t>& input, sink& take) const {
  const auto features = static_cast<std::size_t>(step_.weights.rows);
  const auto neurons = static_cast<std::size_t>(step_.weights.columns);
  const std::size_t lanes = std::min(features, static_cast<std::size_t>(how_.fc_lanes));
  constexpr std::size_t levels_per_tile = 1 << 16; // 256 KiB stay near the processor
  constexpr std::size_t least_neurons = 64;
  const std::size_t most = std::min(neurons, std::max(least_neurons, levels_per_tile / lanes)); // neurons of a tile
  std::vector<float> sums(most);
  std::vector<float> activations;
  std::vector<const std::int16_t*> codes;
  std::vector<float> levels(lanes * most);
  std::vector<const float*> streams;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    streams.push_back(levels.data() + lane * most);
  }
  for (std::size_t row = 0; row < input.size() / features; ++row) {
    activations.clear();
    codes.clear();
    for (std::size_t feature = 0; feature < features; ++feature) {
      if (const std::uint16_t code = input[row * features + feature]; code != 0 || how_.keep_zeros) {
        activations.push_back(static_cast<float>(code));
        codes.push_back(step_.weights.codes.data() + feature * neurons);
      }
    }
    for (std::size_t neuron = 0; neuron < neurons; neuron += most) {
      const std::size_t tile = std::min(most, neurons - neuron);
      take.begin(tile);
      for (std::size_t i = 0; i < activations.size(); i += lanes) {
        const std::size_t lit = std::min(lanes, activations.size() - i);
        for (std::size_t lane = 0; lane < lit; ++lane) {
          const std::int16_t* from = codes[i + lane] + neuron;
          std::transform(from, from + tile, levels.data() + lane * most,
                         [&](std::int16_t code) { return level_of_[static_cast<std::size_t>(code + 1)]; });
        }
        take.add({lit, activations.data() + i, streams.data(), tile}, sums.data());
      }
      take.end(row * neurons + neuron, neuron, tile);
    }
  }
}

namespace {

struct fc_output {
  const workload::step& s;
  std::vector<std::uint16_t>& output;
  converter adc;
  std::vector<std::int32_t> totals;

  void begin(std::size_t neurons) { totals.assign(neurons, 0); }
  void add(const block& light, float* sums) { add_codes(light, adc, sums, totals.data()); }
  /// @param first of the outputs @param neuron the first one's
  void end(std::size_t first, std::size_t neuron, std::size_t neurons) {
    for (std::size_t i = 0; i < neurons; ++i) {
      output[first + i] = post_process(totals[i], 0, channel_of(s, static_cast<std::int64_t>(neuron + i)), s);
    }
  }
};

struct fc_peak {
  float largest = 0.0F;

  void begin(std::size_t) {}
  void add(const block& light, float* sums) { largest = std::max(largest, peak_of(light, 1.0F, sums)); }
  void end(std::size_t, std::size_t, std::size_t) {}
};

} // namespace

void fully_connected_layer::run(const std::vector<std::uint16_t>& input, std::vector<std::uint16_t>& output) const {
  fc_output results{step_, output, adc_of(step_, how_), {}};
  walk(input, results);
}

float fully_connected_layer::analog_peak(const std::vector<std::uint16_t>& input) const {
  fc_peak peak;
  walk(input, peak);
  return peak.largest;
}

} // namespace sonic::reference
