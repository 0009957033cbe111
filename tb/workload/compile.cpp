// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile.h"

#include "sonic/core/error.h"
#include "tb/workload/compile_fixed_point.h"
#include "tb/workload/compile_light.h"
#include "tb/workload/compile_slots.h"
#include "tb/workload/compile_strides.h"
#include "tb/workload/fuse.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sonic::workload {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void check_integer(const char* name, int value, int low, int high) {
  if (value < low || value > high) {
    throw core::user_error(name, "is " + std::to_string(value),
                           "expected " + std::to_string(low) + " to " + std::to_string(high));
  }
}

void check(const graph& network, const numerics& how, const std::vector<value_range>& ranges) {
  check_integer("activation_dac.bits", how.activation_bits, 1, 16);
  check_integer("weight_dac.bits", how.weight_bits, 1, 15);
  check_integer("broadband_microring.bits", how.ring_bits, 1, 15);
  check_integer("adc.bits", how.adc_bits, 2, 16);
  constexpr int most_lanes = 1 << 20;
  check_integer("lanes of the CONV array", how.conv_lanes, 1, most_lanes);
  check_integer("lanes of the FC array", how.fc_lanes, 1, most_lanes);
  if (how.element == element_kind::code16 && ranges.size() != network.values.size()) {
    throw core::user_error("network " + network.name, "has " + std::to_string(ranges.size()) + " ranges",
                           "expected one for each of its " + std::to_string(network.values.size()) + " tensors");
  }
}

/// Builds one program.
class compiler {
public:
  compiler(const graph& network, const numerics& how, const std::vector<value_range>& ranges)
      : network_(network), how_(how), coded_(how.element == element_kind::code16),
        program_{how.element, how.activation_bits, how.weight_bits, how.adc_bits, {}, {}, {}, {}, {}},
        slots_(network, program_, ranges) {}

  program run() {
    for (const value_id v : network_.inputs) {
      program_.inputs.push_back(slots_.define(v, slots_.quantise(v)));
    }
    for (const auto& layer : fuse(network_)) {
      head_ = &network_.nodes[layer.nodes.front()];
      layer_ = &layer;
      std::visit([this](const auto& op) { place(op); }, head_->op);
    }
    for (const value_id v : network_.outputs) {
      program_.outputs.push_back(slots_.at(v));
    }
    return std::move(program_);
  }

private:
  [[nodiscard]] const shape& extents(value_id v) const { return network_.values[v].extents; }
  [[nodiscard]] quantisation quantisation_of(slot_id s) const { return slots_.quantisation_of(s); }
  [[nodiscard]] std::string where() const { return "node " + head_->name; }

  /// A step with names, output and activation function.
  step begin(step_kind kind, slot_id input, slot_id output) {
    step s;
    s.kind = kind;
    s.nodes = layer_->nodes;
    for (const std::size_t i : layer_->nodes) {
      s.name += (s.name.empty() ? "" : "+") + network_.nodes[i].name;
    }
    s.input = input;
    s.output = output;
    const auto& f = layer_->function;
    s.exact_clip_low = f.minimum;
    s.exact_clip_high = f.maximum;
    s.exact_negative_slope = f.negative_slope;
    if (coded_) {
      const quantisation to = quantisation_of(output);
      const auto clip = [&](double bound) { return encode(bound, to, how_.activation_bits); };
      s.output_zero_point = to.zero_point;
      s.clip_low = clip(f.minimum);
      s.clip_high = clip(f.maximum);
      s.negative_slope_q15 = slope_q15(f.negative_slope);
      s.pad_code = quantisation_of(input).zero_point;
    }
    return s;
  }

  [[nodiscard]] std::int32_t slope_q15(double slope) const {
    constexpr double largest = 32.0;
    if (!(std::abs(slope) <= largest)) {
      throw core::user_error(where(), "its slope below zero is " + std::to_string(slope),
                             "expected a magnitude of at most 32, the range of the post-processor");
    }
    return static_cast<std::int32_t>(std::llround(slope * 32768.0));
  }

  /// Channel parameters of an operation without light: y = gain a + second_gain b + shift, in real numbers.
  void set_channels(step& s, const std::vector<double>& gain, const std::vector<double>& shift, double second_gain,
                    double accumulated_units = 1.0) {
    for (std::size_t c = 0; c < std::max(gain.size(), shift.size()); ++c) {
      channel_parameters p;
      p.exact_a = channel_entry(gain, c);
      p.exact_b = second_gain;
      p.exact_offset = channel_entry(shift, c);
      if (!std::isfinite(p.exact_a) || !std::isfinite(p.exact_offset)) {
        throw core::user_error(where(), "a scale or shift is infinite or no number", "expected finite numbers");
      }
      if (coded_) {
        const quantisation a = quantisation_of(s.input);
        const quantisation b = s.has_second ? quantisation_of(s.second) : quantisation{};
        const double to = quantisation_of(s.output).scale;
        const real_channel real{
            p.exact_a * a.scale / to / accumulated_units, p.exact_b * b.scale / to,
            (p.exact_offset - p.exact_a * a.scale * a.zero_point - p.exact_b * b.scale * b.zero_point) / to};
        set_fixed_point(p, real, largest_code * accumulated_units, s.has_second ? largest_code : 0.0,
                        s.negative_slope_q15);
      }
      s.channels.push_back(p);
    }
  }

  /// One step per walk, with the accesses (read, write) or (read, read_second, write), or (write) of a fill.
  void emit(step s, const strided_walk& walk) {
    for (const auto& w : reduce(walk, where())) {
      s.iteration = w.iteration;
      s.write = w.accesses.back();
      if (s.kind == step_kind::elementwise) {
        s.read = w.accesses.front();
        s.read_second = s.has_second ? w.accesses[1] : access{};
      }
      program_.steps.emplace_back(s);
    }
  }

  /// out[i] = post(in[i]) over all elements.
  void emit_dense(step s, value_id v) {
    const shape strides = dense_strides(extents(v));
    strided_walk walk{extents(v), {strides, strides}, {0, 0}, std::nullopt};
    if (s.channels.size() > 1) {
      walk.channel_axis = 1;
    }
    emit(std::move(s), walk);
  }

  /// A copy that may change scale and zero point.
  void emit_copy(slot_id from, slot_id to, const strided_walk& walk) {
    step s = begin(step_kind::elementwise, from, to);
    set_channels(s, {1.0}, {0.0}, 0.0);
    emit(std::move(s), walk);
  }

  void place(const convolution& op) {
    const slot_id in = slots_.at(head_->inputs[0]);
    step s = begin(step_kind::convolution, in, slots_.define(layer_->output, slots_.quantise(layer_->output)));
    s.geometry = op.geometry;
    s.groups = op.groups;
    place_light(std::move(s));
  }

  void place(const matrix_multiply&) {
    const tensor& weights = *network_.values[head_->inputs[1]].constant;
    slot_id in = slots_.at(head_->inputs[0]);
    slot_id out = slots_.define(layer_->output, slots_.quantise(layer_->output));
    const auto& x = extents(head_->inputs[0]);
    std::int64_t rows = 1;
    for (std::size_t axis = 0; axis + 1 < x.size(); ++axis) {
      rows *= x[axis];
    }
    in = slots_.view(in, {rows, weights.extents[0], 1, 1});
    out = slots_.view(out, {rows, weights.extents[1], 1, 1});
    place_light(begin(step_kind::fully_connected, in, out));
  }

  void place_light(step s) {
    const auto finite = [](double number) { return std::isfinite(number); };
    if (!std::all_of(layer_->gain.begin(), layer_->gain.end(), finite) ||
        !std::all_of(layer_->shift.begin(), layer_->shift.end(), finite)) {
      throw core::user_error(where(), "a bias, scale or shift is infinite or no number", "expected finite numbers");
    }
    place_on_light(s, *layer_, *network_.values[head_->inputs[1]].constant, program_, how_);
    program_.steps.emplace_back(std::move(s));
  }

  void place(const add&) {
    const slot_id a = slots_.at(head_->inputs[0]);
    const slot_id b = slots_.at(head_->inputs[1]);
    step s = begin(step_kind::elementwise, a, slots_.define(layer_->output, slots_.quantise(layer_->output)));
    s.second = b;
    s.has_second = true;
    set_channels(s, {1.0}, {0.0}, 1.0);
    const shape& whole = extents(layer_->output);
    emit(std::move(s), {whole,
                        {broadcast_strides(extents(head_->inputs[0]), whole),
                         broadcast_strides(extents(head_->inputs[1]), whole), dense_strides(whole)},
                        {0, 0, 0},
                        std::nullopt});
  }

  /// Strides that repeat a tensor over a larger shape, as NumPy broadcasts.
  static shape broadcast_strides(const shape& own, const shape& whole) {
    const shape dense = dense_strides(own);
    shape strides(whole.size(), 0);
    for (std::size_t axis = 0; axis < own.size(); ++axis) {
      strides[axis + whole.size() - own.size()] = own[axis] == 1 ? 0 : dense[axis];
    }
    return strides;
  }

  void place(const scale_shift&) { place_line(); }
  void place(const activation&) { place_line(); }

  void place_line() {
    const shape& x = extents(head_->inputs[0]);
    const std::size_t entries = std::max(layer_->gain.size(), layer_->shift.size());
    if (entries > 1 && (x.size() < 2 || entries != static_cast<std::size_t>(x[1]))) {
      throw core::user_error(where(), "it scales " + std::to_string(entries) + " channels of " + to_string(x),
                             "expected one entry for each step of axis 1, or one for all");
    }
    const slot_id in = slots_.at(head_->inputs[0]);
    step s = begin(step_kind::elementwise, in, slots_.define(layer_->output, slots_.quantise(layer_->output)));
    set_channels(s, layer_->gain, layer_->shift, 0.0);
    emit_dense(std::move(s), layer_->output);
  }

  void place(const pool& op) {
    const slot_id in = slots_.at(head_->inputs[0]);
    const bool maximum = op.kind == pool_kind::maximum;
    // Codes of one scale keep their order: the maximum is exact.
    const slot_id out = slots_.define(layer_->output, maximum ? quantisation_of(in) : slots_.quantise(layer_->output));
    step s = begin(maximum ? step_kind::max_pool : step_kind::average_pool, in, out);
    s.geometry = op.geometry;
    s.count_include_pad = op.count_include_pad;
    constexpr double mean_units = 65536.0; // 16 fractional bits
    set_channels(s, {1.0}, {0.0}, 0.0, maximum ? 1.0 : mean_units);
    program_.steps.emplace_back(std::move(s));
  }

  void place(const relabel&) { slots_.relabel(layer_->output, slots_.at(head_->inputs[0])); }

  void place(const transpose& op) {
    const slot_id in = slots_.at(head_->inputs[0]);
    const slot_id out = slots_.define(layer_->output, quantisation_of(in));
    const shape strides = dense_strides(extents(head_->inputs[0]));
    shape read;
    for (const std::int64_t axis : op.permutation) {
      read.push_back(strides[static_cast<std::size_t>(axis)]);
    }
    const shape& whole = extents(layer_->output);
    emit_copy(in, out, {whole, {read, dense_strides(whole)}, {0, 0}, std::nullopt});
  }

  void place(const concat& op) {
    const slot_id out = slots_.define(layer_->output, slots_.quantise(layer_->output));
    const shape write = dense_strides(extents(layer_->output));
    const auto axis = static_cast<std::size_t>(op.axis);
    std::int64_t offset = 0;
    for (const value_id v : head_->inputs) {
      emit_copy(slots_.at(v), out, {extents(v), {dense_strides(extents(v)), write}, {0, offset}, std::nullopt});
      offset += extents(v)[axis] * write[axis];
    }
  }

  void place(const pad& op) {
    const slot_id in = slots_.at(head_->inputs[0]);
    const shape& source = extents(head_->inputs[0]);
    const shape& whole = extents(layer_->output);
    const bool grows = std::any_of(op.begin.begin(), op.begin.end(), [](std::int64_t p) { return p > 0; }) ||
                       std::any_of(op.end.begin(), op.end.end(), [](std::int64_t p) { return p > 0; });
    const slot_id out = slots_.define(layer_->output, grows ? pad_quantisation(in, op.value) : quantisation_of(in));
    const shape write = dense_strides(whole);
    if (grows) {
      step s = begin(step_kind::fill, in, out);
      s.pad_value = static_cast<float>(op.value);
      s.pad_code = coded_ ? encode(op.value, quantisation_of(out), how_.activation_bits) : 0;
      emit(std::move(s), {whole, {write}, {0}, std::nullopt});
    }
    strided_walk walk{source, {dense_strides(source), write}, {0, 0}, std::nullopt};
    for (std::size_t axis = 0; axis < source.size(); ++axis) {
      walk.extents[axis] += std::min<std::int64_t>(op.begin[axis], 0) + std::min<std::int64_t>(op.end[axis], 0);
      walk.offsets[0] += std::max<std::int64_t>(-op.begin[axis], 0) * walk.strides[0][axis];
      walk.offsets[1] += std::max<std::int64_t>(op.begin[axis], 0) * write[axis];
    }
    if (std::all_of(walk.extents.begin(), walk.extents.end(), [](std::int64_t e) { return e > 0; })) {
      emit_copy(in, out, walk);
    }
  }

  /// That of the input, so that the copy is exact, unless the value lies outside of what the input can hold.
  [[nodiscard]] quantisation pad_quantisation(slot_id in, double value) const {
    const quantisation q = quantisation_of(in);
    const double low = -q.scale * q.zero_point;
    const double high = low + q.scale * ((1 << how_.activation_bits) - 1);
    return !coded_ || std::isinf(value) || (value >= low && value <= high) ? q : slots_.quantise(layer_->output);
  }

  void place(const softmax&) {
    const slot_id in = slots_.at(head_->inputs[0]);
    const slot_id out = slots_.define(layer_->output, slots_.quantise(layer_->output));
    program_.steps.emplace_back(host_step{head_->name, layer_->nodes.front(), in, out});
  }

  const graph& network_;
  const numerics& how_;
  bool coded_;
  program program_;
  slot_table slots_;
  const node* head_ = nullptr; ///< first node of the layer being placed
  const fused_layer* layer_ = nullptr;
};

} // namespace

program compile(const graph& network, const numerics& how, const std::vector<value_range>& ranges) {
  check(network, how, ranges);
  return compiler(network, how, ranges).run();
}

std::vector<value_id> values_with_slots(const graph& network) {
  std::vector<value_id> values = network.inputs;
  for (const auto& layer : fuse(network)) {
    values.push_back(layer.output);
  }
  std::sort(values.begin(), values.end());
  return values;
}

} // namespace sonic::workload
