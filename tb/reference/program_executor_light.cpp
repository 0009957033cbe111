// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/program_executor_light.h"

#include "tb/reference/program_executor_block.h"
#include "tb/reference/program_executor_post.h"

#include <algorithm>

namespace sonic::reference {

namespace {

float level_of(const workload::weight_matrix& weights, std::size_t index) {
  const std::int16_t code = weights.codes[index];
  return code < 0 ? 0.0F : weights.codebook[static_cast<std::size_t>(code)];
}

converter adc_of(const workload::step& s, const workload::numerics& how) {
  return {1.0F, workload::adc_inverse_lsb(s.adc_full_scale, how.adc_bits),
          static_cast<float>((1 << (how.adc_bits - 1)) - 1)};
}

float transmission_of(const workload::channel_parameters& channel, const workload::numerics& how) {
  const auto full_level = static_cast<float>((1 << how.ring_bits) - 1);
  return channel.ring_level == 0 ? 1.0F : static_cast<float>(channel.ring_level) / full_level;
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
  for (std::size_t kernel = 0; kernel < static_cast<std::size_t>(w.rows); ++kernel) {
    const std::size_t first_patch_row = kernel / kernels_per_group * columns;
    std::size_t begin = levels_.size(); // of the current block
    for (std::size_t column = 0; column < columns; ++column) {
      if (column % slice == 0 && levels_.size() > begin) {
        block_ends_.push_back(begin = levels_.size());
      }
      const std::size_t index = kernel * columns + column;
      if (w.codes[index] < 0) {
        continue;
      }
      levels_.push_back(level_of(w, index));
      rows_.push_back(static_cast<std::uint32_t>(first_patch_row + column));
      if (levels_.size() - begin == lanes) {
        block_ends_.push_back(begin = levels_.size());
      }
    }
    if (levels_.size() > begin) {
      block_ends_.push_back(levels_.size());
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
          std::int64_t column = kc * g.dilations[1] - g.pads_begin[1];
          const bool row_inside = row >= 0 && row < in[2];
          for (std::int64_t q = 0; q < out_width; ++q, column += g.strides[1]) {
            const bool inside = row_inside && column >= 0 && column < in[3];
            *to++ = inside ? static_cast<float>(plane[row * in[3] + column]) : padding;
          }
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
  constexpr std::int64_t symbols_per_tile = 1024; // so that a tile's patches stay near the processor
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
          add_block(lanes, levels_.data() + first, streams.data(), symbols, sums.data());
          take.sums(sums.data(), symbols);
        }
        const std::size_t plane = (static_cast<std::size_t>(image) * kernel_ends_.size() + kernel);
        take.end(kernel, plane * static_cast<std::size_t>(out[2] * out[3]) + static_cast<std::size_t>(row * out[3]),
                 symbols);
      }
    }
  }
}

namespace {

/// Receives a kernel's analog sums and writes its output codes.
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
  void sums(const float* analog, std::size_t symbols) { convert_block(adc, analog, symbols, totals.data()); }
  void end(std::size_t kernel, std::size_t first, std::size_t symbols) {
    const auto& channel = channel_of(s, static_cast<std::int64_t>(kernel));
    for (std::size_t i = 0; i < symbols; ++i) {
      output[first + i] = post_process(totals[i], 0, channel, s);
    }
  }
};

/// Receives a kernel's analog sums and keeps the largest.
struct conv_peak {
  const workload::step& s;
  const workload::numerics& how;
  float transmission = 1.0F;
  float largest = 0.0F;

  void begin(std::size_t kernel, std::size_t) {
    transmission = transmission_of(channel_of(s, static_cast<std::int64_t>(kernel)), how);
  }
  void sums(const float* analog, std::size_t symbols) {
    largest = std::max(largest, largest_magnitude(transmission, analog, symbols));
  }
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
    : step_(s), how_(how), levels_(s.weights.codes.size()) {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    levels_[i] = level_of(s.weights, i);
  }
}

template <class sink>
void fully_connected_layer::walk(const std::vector<std::uint16_t>& input, sink& take) const {
  const auto features = static_cast<std::size_t>(step_.weights.rows);
  const auto neurons = static_cast<std::size_t>(step_.weights.columns);
  const auto lanes = static_cast<std::size_t>(how_.fc_lanes);
  std::vector<float> sums(neurons);
  std::vector<float> activations;
  std::vector<const float*> streams;
  for (std::size_t row = 0; row < input.size() / features; ++row) {
    activations.clear();
    streams.clear();
    for (std::size_t feature = 0; feature < features; ++feature) {
      if (const std::uint16_t code = input[row * features + feature]; code != 0) {
        activations.push_back(static_cast<float>(code));
        streams.push_back(levels_.data() + feature * neurons);
      }
    }
    take.begin(neurons);
    for (std::size_t i = 0; i < activations.size(); i += lanes) {
      add_block(std::min(lanes, activations.size() - i), activations.data() + i, streams.data() + i, neurons,
                sums.data());
      take.sums(sums.data(), neurons);
    }
    take.end(row * neurons, neurons);
  }
}

namespace {

struct fc_output {
  const workload::step& s;
  std::vector<std::uint16_t>& output;
  converter adc;
  std::vector<std::int32_t> totals;

  void begin(std::size_t neurons) { totals.assign(neurons, 0); }
  void sums(const float* analog, std::size_t neurons) { convert_block(adc, analog, neurons, totals.data()); }
  void end(std::size_t first, std::size_t neurons) {
    for (std::size_t i = 0; i < neurons; ++i) {
      output[first + i] = post_process(totals[i], 0, channel_of(s, static_cast<std::int64_t>(i)), s);
    }
  }
};

struct fc_peak {
  float largest = 0.0F;

  void begin(std::size_t) {}
  void sums(const float* analog, std::size_t neurons) {
    largest = std::max(largest, largest_magnitude(1.0F, analog, neurons));
  }
  void end(std::size_t, std::size_t) {}
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
