// SPDX-License-Identifier: Apache-2.0
// BatchNormalization, activation functions and Softmax.
#include "tb/workload/onnx_operators.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sonic::workload {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void finish_activation(const onnx_node& node, network& net, const activation& function) {
  const value_id x = net.computed(node, 0);
  net.finish(node, function, {x}, net.extents(x));
}

/// A bound of Clip: an attribute before operator set 11, an input since. Bounds at the end of float's range are none.
double clip_bound(const onnx_node& node, const network& net, const std::string& name, std::size_t input,
                  double otherwise) {
  constexpr double end = std::numeric_limits<float>::max();
  double bound = otherwise;
  if (node.opset() < 11) {
    bound = node.real(name, otherwise < 0 ? -end : end);
  } else if (node.has_input(input)) {
    const constant_array& value = net.constant(node, input, name);
    if (!value.is_real() || value.size() != 1) {
      node.refuse("its " + name + " is no single floating-point number");
    }
    bound = static_cast<double>(value.reals()[0]);
  }
  return std::abs(bound) >= end ? std::copysign(infinity, bound) : bound;
}

void build_any_softmax(const onnx_node& node, network& net, bool logarithm) {
  const value_id x = net.computed(node, 0);
  const shape extents = net.extents(x);
  if (extents.empty()) {
    node.refuse("its input is a scalar");
  }
  const bool one_axis = node.opset() >= 13; // before, all axes from `axis` on form one
  const std::size_t axis =
      checked_axis(node, node.integer("axis", one_axis ? -1 : std::int64_t{extents.size() > 1}), extents.size());
  const auto first = static_cast<std::int64_t>(axis);
  const std::int64_t last = one_axis ? first : static_cast<std::int64_t>(extents.size()) - 1;
  net.finish(node, softmax{first, last, logarithm}, {x}, extents);
}

} // namespace

void build_batch_normalization(const onnx_node& node, network& net) {
  const value_id x = net.computed(node, 0);
  const shape extents = net.extents(x);
  if (extents.size() < 2) {
    node.refuse("its input has the shape " + to_string(extents), "it needs a channel axis");
  }
  if (node.integer("training_mode", 0) != 0) {
    node.refuse("it is in training mode", "export the network for inference");
  }
  const char* const roles[] = {"scale", "bias", "mean", "variance"};
  const std::vector<float>* vectors[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const constant_array& array = net.parameters(node, i + 1, roles[i]);
    if (array.extents != shape{extents[1]}) {
      node.refuse(std::string("its ") + roles[i] + " has the shape " + to_string(array.extents),
                  "it needs one entry for each of the " + std::to_string(extents[1]) + " channels");
    }
    vectors[i] = &array.reals();
  }
  const double epsilon = node.real("epsilon", 1e-5);
  scale_shift affine;
  for (std::size_t c = 0; c < vectors[0]->size(); ++c) {
    const double variance = static_cast<double>((*vectors[3])[c]) + epsilon;
    if (!(variance > 0.0)) {
      node.refuse("its variance plus epsilon is " + std::to_string(variance) + " in channel " + std::to_string(c),
                  "it must be positive");
    }
    const double scale = static_cast<double>((*vectors[0])[c]) / std::sqrt(variance);
    affine.scale.push_back(scale);
    affine.shift.push_back(static_cast<double>((*vectors[1])[c]) - static_cast<double>((*vectors[2])[c]) * scale);
  }
  net.finish(node, std::move(affine), {x}, extents);
}

void build_relu(const onnx_node& node, network& net) {
  finish_activation(node, net, {0.0, -infinity, infinity});
}

void build_leaky_relu(const onnx_node& node, network& net) {
  finish_activation(node, net, {node.real("alpha", 0.01), -infinity, infinity});
}

void build_clip(const onnx_node& node, network& net) {
  const double low = clip_bound(node, net, "min", 1, -infinity);
  const double high = clip_bound(node, net, "max", 2, infinity);
  finish_activation(node, net, {1.0, std::min(low, high), high});
}

void build_softmax(const onnx_node& node, network& net) {
  build_any_softmax(node, net, false);
}

void build_log_softmax(const onnx_node& node, network& net) {
  build_any_softmax(node, net, true);
}

} // namespace sonic::workload
