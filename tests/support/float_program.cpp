// SPDX-License-Identifier: Apache-2.0
#include "tests/support/float_program.h"

#include "tb/workload/compile_host.h"

#include <algorithm>
#include <limits>

namespace sonic::tests {

using namespace workload;

namespace {

using memory = std::vector<std::vector<float>>;

float finish(double a, double b, std::int64_t channel, const step& s) {
  const auto& p = s.channels[s.channels.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
  double y = p.exact_a * a + p.exact_b * b + p.exact_offset;
  y = y < 0.0 ? y * s.exact_negative_slope : y;
  return static_cast<float>(std::clamp(y, s.exact_clip_low, s.exact_clip_high));
}

std::size_t position(const extents_4d& e, std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
  return static_cast<std::size_t>(((n * e[1] + c) * e[2] + h) * e[3] + w);
}

template <class visitor>
void each(const extents_4d& e, const visitor& visit) {
  for (std::int64_t n = 0; n < e[0]; ++n) {
    for (std::int64_t c = 0; c < e[1]; ++c) {
      for (std::int64_t h = 0; h < e[2]; ++h) {
        for (std::int64_t w = 0; w < e[3]; ++w) {
          visit(n, c, h, w);
        }
      }
    }
  }
}

void window_step(const step& s, const extents_4d& in, const extents_4d& out, const std::vector<float>& x,
                 std::vector<float>& y) {
  const auto& g = s.geometry;
  const bool conv = s.kind == step_kind::convolution;
  const std::int64_t depth = conv ? in[1] / s.groups : 1;
  each(out, [&](std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
    double sum = 0.0;
    double largest = -std::numeric_limits<double>::infinity();
    double inside = 0.0;
    double padded = 0.0;
    const std::int64_t first = conv ? c / (out[1] / s.groups) * depth : c;
    for (std::int64_t d = 0; d < depth; ++d) {
      for (std::int64_t kr = 0; kr < g.kernel[0]; ++kr) {
        for (std::int64_t kc = 0; kc < g.kernel[1]; ++kc) {
          const std::int64_t row = h * g.strides[0] - g.pads_begin[0] + kr * g.dilations[0];
          const std::int64_t column = w * g.strides[1] - g.pads_begin[1] + kc * g.dilations[1];
          padded += row < in[2] + g.pads_end[0] && column < in[3] + g.pads_end[1] ? 1.0 : 0.0;
          if (row < 0 || row >= in[2] || column < 0 || column >= in[3]) {
            continue;
          }
          const auto v = static_cast<double>(x[position(in, n, first + d, row, column)]);
          const std::int64_t weight = ((c * depth + d) * g.kernel[0] + kr) * g.kernel[1] + kc;
          sum += conv ? v * static_cast<double>(s.weights.values[static_cast<std::size_t>(weight)]) : v;
          largest = std::max(largest, v);
          inside += 1.0;
        }
      }
    }
    const double pooled = s.kind == step_kind::max_pool ? largest : sum / (s.count_include_pad ? padded : inside);
    y[position(out, n, c, h, w)] = finish(conv ? sum : pooled, 0.0, c, s);
  });
}

void product_step(const step& s, const extents_4d& out, const std::vector<float>& x, std::vector<float>& y) {
  each(out, [&](std::int64_t n, std::int64_t c, std::int64_t, std::int64_t) {
    double sum = 0.0;
    for (std::int64_t k = 0; k < s.weights.rows; ++k) {
      sum += static_cast<double>(x[static_cast<std::size_t>(n * s.weights.rows + k)]) *
             static_cast<double>(s.weights.values[static_cast<std::size_t>(k * s.weights.columns + c)]);
    }
    y[position(out, n, c, 0, 0)] = finish(sum, 0.0, c, s);
  });
}

void strided_step(const step& s, const std::vector<float>& a, const std::vector<float>& b, std::vector<float>& y) {
  each(s.iteration, [&](std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
    const auto at = [&](const access& from) {
      return static_cast<std::size_t>(from.offset + n * from.strides[0] + c * from.strides[1] + h * from.strides[2] +
                                      w * from.strides[3]);
    };
    if (s.kind == step_kind::fill) {
      y.at(at(s.write)) = s.pad_value;
    } else {
      const double second = s.has_second ? static_cast<double>(b.at(at(s.read_second))) : 0.0;
      y.at(at(s.write)) = finish(static_cast<double>(a.at(at(s.read))), second, c, s);
    }
  });
}

} // namespace

memory run_float_program(const graph& network, const program& source, const std::vector<tensor>& inputs) {
  memory slots(source.slots.size());
  const auto storage = [&](slot_id s) -> std::vector<float>& { return slots[source.slots[s].storage]; };
  for (slot_id s = 0; s < slots.size(); ++s) {
    const auto& e = source.slots[s].extents;
    storage(s).resize(static_cast<std::size_t>(e[0] * e[1] * e[2] * e[3]), std::numeric_limits<float>::quiet_NaN());
  }
  for (const auto& constant : source.constants) {
    storage(constant.slot) = constant.values;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    storage(source.inputs[i]) = inputs[i].values;
  }
  for (const auto& work : source.steps) {
    if (const auto* host = std::get_if<host_step>(&work)) {
      const shape& extents = network.values[source.slots[host->input].origin].extents;
      storage(host->output) =
          softmax_of({extents, storage(host->input)}, std::get<softmax>(network.nodes[host->node].op)).values;
      continue;
    }
    const auto& s = std::get<step>(work);
    const auto& in = source.slots[s.input].extents;
    const auto& out = source.slots[s.output].extents;
    switch (s.kind) {
    case step_kind::convolution:
    case step_kind::max_pool:
    case step_kind::average_pool:
      window_step(s, in, out, storage(s.input), storage(s.output));
      break;
    case step_kind::fully_connected:
      product_step(s, out, storage(s.input), storage(s.output));
      break;
    default:
      strided_step(s, storage(s.input), storage(s.second), storage(s.output));
    }
  }
  for (slot_id s = 0; s < slots.size(); ++s) {
    slots[s] = storage(s);
  }
  return slots;
}

} // namespace sonic::tests
