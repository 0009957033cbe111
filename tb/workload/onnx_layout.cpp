// SPDX-License-Identifier: Apache-2.0
// Operators that move elements and compute nothing.
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_shapes.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>

namespace sonic::workload {

namespace {

void finish_relabelled(const onnx_node& node, network& net, const shape& extents) {
  net.finish(node, relabel{}, {net.computed(node, 0)}, extents);
}

/// Whether a permutation leaves the order of the elements alone: it moves only axes of extent 1.
bool keeps_order(const shape& extents, const std::vector<std::int64_t>& order) {
  std::vector<std::int64_t> moved;
  std::copy_if(order.begin(), order.end(), std::back_inserter(moved),
               [&](std::int64_t axis) { return extents[static_cast<std::size_t>(axis)] > 1; });
  return std::is_sorted(moved.begin(), moved.end());
}

} // namespace

void build_identity(const onnx_node& node, network& net) {
  finish_relabelled(node, net, net.extents(net.computed(node, 0)));
}

void build_dropout(const onnx_node& node, network& net) {
  if (node.opset() >= 12 && node.has_input(2) && net.constant(node, 2, "training_mode").size() == 1 &&
      net.integer_list(node, 2, "training_mode")[0] != 0) {
    node.refuse("it is in training mode", "export the network for inference");
  }
  build_identity(node, net);
}

void build_cast(const onnx_node& node, network& net) {
  const std::int64_t to = node.integer("to", 0);
  if (to != onnx::TensorProto::FLOAT && to != onnx::TensorProto::DOUBLE) {
    node.refuse("it casts a computed tensor to the type " + std::to_string(to),
                "computed tensors may be cast to float32 and float64 only");
  }
  build_identity(node, net);
}

void build_flatten(const onnx_node& node, network& net) {
  finish_relabelled(node, net, flattened(node, net.extents(net.computed(node, 0))));
}

void build_reshape(const onnx_node& node, network& net) {
  finish_relabelled(node, net, reshaped(node, net, net.extents(net.computed(node, 0))));
}

void build_squeeze(const onnx_node& node, network& net) {
  finish_relabelled(node, net, squeezed(node, net, net.extents(net.computed(node, 0))));
}

void build_unsqueeze(const onnx_node& node, network& net) {
  finish_relabelled(node, net, unsqueezed(node, net, net.extents(net.computed(node, 0))));
}

void build_transpose(const onnx_node& node, network& net) {
  const value_id x = net.computed(node, 0);
  const shape from = net.extents(x);
  const std::vector<std::int64_t> order = permutation(node, from.size());
  net.finish(node, keeps_order(from, order) ? operation(relabel{}) : operation(transpose{order}), {x},
             permuted(from, order));
}

void build_concat(const onnx_node& node, network& net) {
  const joined_shape whole = joined(node, net);
  if (node.input_count() == 1) {
    finish_relabelled(node, net, whole.extents);
    return;
  }
  std::vector<value_id> inputs;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    inputs.push_back(net.any(node, i));
  }
  net.finish(node, concat{static_cast<std::int64_t>(whole.axis)}, std::move(inputs), whole.extents);
}

void build_pad(const onnx_node& node, network& net) {
  const value_id x = net.computed(node, 0);
  shape extents = net.extents(x);
  const std::size_t rank = extents.size();
  if (const std::string mode = node.text("mode", "constant"); mode != "constant") {
    node.refuse("its mode is " + in_quotes(mode), "only the mode constant is supported");
  }
  const bool by_attribute = node.opset() < 11;
  const std::vector<std::int64_t> pads =
      by_attribute ? node.integers("pads").value_or(shape()) : net.integer_list(node, 1, "list of pads");
  if (pads.size() != 2 * rank) {
    node.refuse("it has " + std::to_string(pads.size()) + " pads",
                "a tensor of rank " + std::to_string(rank) + " needs " + std::to_string(2 * rank));
  }
  pad padding;
  padding.value = node.real("value", 0.0);
  if (!by_attribute && node.has_input(2)) {
    const constant_array& fill = net.constant(node, 2, "fill value");
    if (!fill.is_real() || fill.size() != 1) {
      node.refuse("its fill value is no single floating-point number");
    }
    padding.value = static_cast<double>(fill.reals()[0]);
  }
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t begin = pads[axis];
    const std::int64_t end = pads[rank + axis];
    const auto absurd = [](std::int64_t amount) { return amount > max_elements || amount < -max_elements; };
    if (absurd(begin) || absurd(end) || extents[axis] + begin + end < 1 ||
        extents[axis] + std::min<std::int64_t>(begin, 0) + std::min<std::int64_t>(end, 0) < 1) {
      node.refuse("its pads " + std::to_string(begin) + " and " + std::to_string(end) + " do not fit axis " +
                      std::to_string(axis) + " of " + to_string(extents),
                  "something of the input must remain");
    }
    extents[axis] += begin + end;
  }
  padding.begin.assign(pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(rank));
  padding.end.assign(pads.begin() + static_cast<std::ptrdiff_t>(rank), pads.end());
  net.finish(node, std::move(padding), {x}, extents);
}

void build_shape(const onnx_node& node, network& net) {
  const shape extents = net.extents(node, 0);
  const auto rank = static_cast<std::int64_t>(extents.size());
  const auto bound = [&](const std::string& name, std::int64_t otherwise) {
    const std::int64_t given = node.opset() >= 15 ? node.integer(name, otherwise) : otherwise;
    return std::clamp<std::int64_t>(given < 0 ? given + rank : given, 0, rank);
  };
  const std::int64_t first = bound("start", 0);
  const std::int64_t last = std::max(first, bound("end", rank));
  net.define_constant(node.output(), {{last - first}, shape(extents.begin() + first, extents.begin() + last)});
}

} // namespace sonic::workload
