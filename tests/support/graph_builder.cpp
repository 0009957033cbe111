// SPDX-License-Identifier: Apache-2.0
#include "tests/support/graph_builder.h"

#include <algorithm>
#include <limits>

namespace sonic::tests {

using namespace workload;

namespace {

/// (N, C, spatial) behind a window.
shape windowed(const shape& in, std::int64_t channels, const window& g) {
  shape out = in;
  out[1] = channels;
  for (std::size_t i = 2; i < in.size(); ++i) {
    const std::size_t axis = i + 2 - in.size(); // one-dimensional windows are (1, width)
    out[i] = (in[i] + g.pads_begin[axis] + g.pads_end[axis] - g.dilations[axis] * (g.kernel[axis] - 1) - 1) /
                 g.strides[axis] +
             1;
  }
  return out;
}

} // namespace

tensor random_source::tensor(const shape& extents, double low, double high, double zeros) {
  workload::tensor t{extents, {}};
  t.values.resize(static_cast<std::size_t>(element_count(extents, "test tensor")));
  for (float& v : t.values) {
    v = chance(zeros) ? 0.0F : static_cast<float>(real(low, high));
  }
  return t;
}

graph_builder::graph_builder() {
  network_.name = "test";
}

value_id graph_builder::append(const std::string& type, operation op, std::vector<value_id> inputs,
                               const shape& extents) {
  const std::string index = std::to_string(network_.nodes.size());
  network_.values.push_back({"v" + std::to_string(network_.values.size()), extents, std::nullopt});
  network_.nodes.push_back({type + "_" + index, type, std::move(op), std::move(inputs), network_.values.size() - 1});
  return network_.values.size() - 1;
}

value_id graph_builder::input(const shape& extents) {
  network_.values.push_back({"x" + std::to_string(network_.inputs.size()), extents, std::nullopt});
  network_.inputs.push_back(network_.values.size() - 1);
  return network_.inputs.back();
}

value_id graph_builder::constant(const tensor& content) {
  network_.values.push_back({"c" + std::to_string(network_.values.size()), content.extents, content});
  return network_.values.size() - 1;
}

value_id graph_builder::convolve(value_id x, const tensor& weights, const window& geometry, std::int64_t groups,
                                 const std::vector<float>& bias) {
  window g = geometry;
  g.kernel = {weights.extents[2], weights.extents[3]};
  std::vector<value_id> inputs{x, constant(weights)};
  if (!bias.empty()) {
    inputs.push_back(constant({{static_cast<std::int64_t>(bias.size())}, bias}));
  }
  return append("Conv", convolution{g, groups}, inputs, windowed(extents(x), weights.extents[0], g));
}

value_id graph_builder::multiply(value_id x, const tensor& weights, const std::vector<float>& bias) {
  std::vector<value_id> inputs{x, constant(weights)};
  if (!bias.empty()) {
    inputs.push_back(constant({{static_cast<std::int64_t>(bias.size())}, bias}));
  }
  shape out = extents(x);
  out.back() = weights.extents[1];
  return append("MatMul", matrix_multiply{}, inputs, out);
}

value_id graph_builder::add(value_id a, value_id b) {
  shape out(std::max(extents(a).size(), extents(b).size()), 1);
  for (const value_id v : {a, b}) {
    const shape& own = extents(v);
    for (std::size_t i = 0; i < own.size(); ++i) {
      auto& extent = out[i + out.size() - own.size()];
      extent = std::max(extent, own[i]);
    }
  }
  return append("Add", workload::add{}, {a, b}, out);
}

value_id graph_builder::line(value_id x, const std::vector<double>& scale, const std::vector<double>& shift) {
  const auto per_channel = [&](const std::vector<double>& entries) {
    const bool repeats = entries.size() == 1 && extents(x).size() > 1;
    return repeats ? std::vector<double>(static_cast<std::size_t>(extents(x)[1]), entries[0]) : entries;
  };
  return append("BatchNormalization", scale_shift{per_channel(scale), per_channel(shift)}, {x}, shape(extents(x)));
}

value_id graph_builder::activate(value_id x, const activation& function) {
  return append("Activation", function, {x}, shape(extents(x)));
}

value_id graph_builder::relu(value_id x) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return activate(x, {0.0, -infinity, infinity});
}

value_id graph_builder::pool(value_id x, pool_kind kind, const window& geometry, bool count_include_pad) {
  return append("Pool", workload::pool{kind, geometry, count_include_pad}, {x},
                windowed(extents(x), extents(x)[1], geometry));
}

value_id graph_builder::relabel(value_id x, const shape& to) {
  return append("Reshape", workload::relabel{}, {x}, to);
}

value_id graph_builder::transpose(value_id x, const std::vector<std::int64_t>& permutation) {
  shape out;
  for (const std::int64_t axis : permutation) {
    out.push_back(extents(x)[static_cast<std::size_t>(axis)]);
  }
  return append("Transpose", workload::transpose{permutation}, {x}, out);
}

value_id graph_builder::concat(const std::vector<value_id>& x, std::int64_t axis) {
  shape out = extents(x.front());
  out[static_cast<std::size_t>(axis)] = 0;
  for (const value_id v : x) {
    out[static_cast<std::size_t>(axis)] += extents(v)[static_cast<std::size_t>(axis)];
  }
  return append("Concat", workload::concat{axis}, x, out);
}

value_id graph_builder::pad(value_id x, const std::vector<std::int64_t>& begin, const std::vector<std::int64_t>& end,
                            double value) {
  shape out = extents(x);
  for (std::size_t axis = 0; axis < out.size(); ++axis) {
    out[axis] += begin[axis] + end[axis];
  }
  return append("Pad", workload::pad{begin, end, value}, {x}, out);
}

value_id graph_builder::softmax(value_id x, std::int64_t first, std::int64_t last, bool logarithm) {
  return append("Softmax", workload::softmax{first, last, logarithm}, {x}, shape(extents(x)));
}

graph_builder& graph_builder::output(value_id v) {
  network_.outputs.push_back(v);
  return *this;
}

window square(std::int64_t kernel, std::int64_t stride, std::int64_t pad, std::int64_t dilation) {
  return {{kernel, kernel}, {stride, stride}, {dilation, dilation}, {pad, pad}, {pad, pad}};
}

} // namespace sonic::tests
