// SPDX-License-Identifier: Apache-2.0
// What the accelerator is asked to do, before it is laid out in memory: a list of layer operations over tensors, each
// operation one descriptor. docs/numbers.md defines the arithmetic.
#pragma once

#include "tb/workload/graph.h"

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sonic::workload {

enum class element_kind : std::uint8_t { code16 = 0, float32 = 1 };

/// (batch, channels, height, width).
using extents_4d = std::array<std::int64_t, 4>;

/// A tensor in the accelerator's memory, dense, row-major over its four extents.
struct slot {
  std::string name;
  value_id origin = 0;  ///< the graph's value it holds
  extents_4d extents{}; ///< the graph's shape, relabelled to four axes; the same number of elements in the same order
  double scale = 1.0;   ///< code16: real = scale * (code - zero_point)
  std::int32_t zero_point = 0;
  /// The slot whose memory it shares: itself, or the slot that it only relabels (same elements, order and codes).
  std::size_t storage = 0;
};

using slot_id = std::size_t;

/// Weights as a matrix. CONV: row = output channel, column = (channel in group, kernel row, kernel column).
/// FC: row = input feature, column = output neuron.
struct weight_matrix {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<std::int16_t> codes; ///< code16: codebook index, -1 for zero; empty for float32
  std::vector<float> codebook;     ///< code16: levels in [-1, 1]
  std::vector<float> values;       ///< float32: the weights; empty for code16
  bool stores_zeros = false;       ///< in the image, too; under code16 they are one of the levels, and -1 is no code
};

/// One channel's post-processing, see docs/numbers.md. The `exact_` fields serve float32, the others code16.
struct channel_parameters {
  std::int32_t multiplier_a = 1;
  std::int32_t multiplier_b = 0;
  std::int64_t offset = 0;
  std::uint32_t shift = 1;
  std::uint32_t ring_level = 0; ///< broadband ring's converter level, 1 .. 2^bits - 1; 0 = full transmission (no ring)
  double exact_a = 1.0;
  double exact_b = 0.0;
  double exact_offset = 0.0;
};

enum class step_kind : std::uint8_t {
  convolution = 1,
  fully_connected = 2,
  max_pool = 3,
  average_pool = 4,
  elementwise = 5, ///< out[n,c,h,w] = post(in[strides_a], in_b[strides_b]): add, scale and shift, copy, transpose
  fill = 6,        ///< out[...] = pad_code or pad_value
};

/// Strides in elements over the output's (n, c, h, w), and the first element's offset. Stride 0 broadcasts.
struct access {
  std::int64_t offset = 0;
  std::array<std::int64_t, 4> strides{};
};

/// One descriptor. CONV and pool: batch, channels, height and width are the slots' extents. FC: input (rows, features,
/// 1, 1), output (rows, neurons, 1, 1). Element-wise: @c iteration gives the extents, the accesses the addresses.
struct step {
  step_kind kind = step_kind::elementwise;
  std::string name;               ///< of the graph nodes it does, joined by '+'
  std::vector<std::size_t> nodes; ///< indices into graph::nodes
  slot_id input = 0;
  slot_id second = 0; ///< element-wise with a second operand only
  bool has_second = false;
  slot_id output = 0;
  window geometry;
  std::int64_t groups = 1;
  bool count_include_pad = false;
  weight_matrix weights;
  std::vector<channel_parameters> channels; ///< one per output channel, or one for all
  float adc_full_scale = 1.0F;
  std::int32_t pad_code = 0; ///< code16: the input's zero point; fill: the code to fill with
  float pad_value = 0.0F;    ///< float32: fill value
  std::int32_t output_zero_point = 0;
  std::int32_t clip_low = 0;
  std::int32_t clip_high = 65535;
  std::int32_t negative_slope_q15 = 32768;
  double exact_clip_low;
  double exact_clip_high;
  double exact_negative_slope = 1.0;
  extents_4d iteration{};
  access read, read_second, write;
};

/// Work that the host does between two runs of the accelerator.
struct host_step {
  std::string name;
  std::size_t node = 0; ///< index into graph::nodes; its operation is a softmax
  slot_id input = 0;
  slot_id output = 0;
};

/// A tensor that is a constant of the network and must lie in memory (operand of an addition or concatenation).
struct constant_slot {
  slot_id slot = 0;
  std::vector<float> values; ///< real values; quantised with the slot's scale when laid out
};

struct program {
  element_kind element = element_kind::float32;
  std::int32_t activation_bits = 16;
  std::int32_t weight_bits = 6;
  std::int32_t adc_bits = 16;
  std::vector<slot> slots;
  std::vector<std::variant<step, host_step>> steps;
  std::vector<constant_slot> constants;
  std::vector<slot_id> inputs;  ///< in the order of graph::inputs
  std::vector<slot_id> outputs; ///< in the order of graph::outputs
};

} // namespace sonic::workload
