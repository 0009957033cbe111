// SPDX-License-Identifier: Apache-2.0
// MaxPool, AveragePool and their global forms.
#include "tb/workload/onnx_operators.h"
#include "tb/workload/onnx_window.h"

namespace sonic::workload {

namespace {

shape pooled_input(const onnx_node& node, const network& net) {
  shape input = net.extents(net.computed(node, 0));
  if (input.size() != 3 && input.size() != 4) {
    node.refuse("its input has the shape " + to_string(input),
                "one- and two-dimensional pools of rank 3 (N,C,L) and 4 (N,C,H,W) are supported");
  }
  return input;
}

/// Whether every window along an axis covers a cell of the input. @p slot 0: height, 1: width
bool all_windows_see_input(const window& geometry, std::size_t slot, std::int64_t input, std::int64_t output) {
  for (std::int64_t o = 0; o < output; ++o) {
    const std::int64_t first = o * geometry.strides[slot] - geometry.pads_begin[slot];
    const std::int64_t dilation = geometry.dilations[slot];
    const std::int64_t skipped = first < 0 ? (-first + dilation - 1) / dilation : 0; // cells before the input
    const bool seen = skipped < geometry.kernel[slot] && first + skipped * dilation < input;
    if (!seen) {
      return false;
    }
  }
  return true;
}

void build_pool(const onnx_node& node, network& net, pool_kind kind) {
  const shape input = pooled_input(node, net);
  const shape spatial(input.begin() + 2, input.end());
  const auto kernel = kernel_shape(node, spatial.size());
  if (!kernel) {
    node.refuse("it has no kernel_shape");
  }
  const placed_window placed = place_window(node, *kernel, spatial);
  const bool count_include_pad = kind == pool_kind::average && node.integer("count_include_pad", 0) != 0;
  for (std::size_t i = 0; i < spatial.size(); ++i) {
    if (!count_include_pad &&
        !all_windows_see_input(placed.geometry, 2 - spatial.size() + i, spatial[i], placed.output[i])) {
      node.refuse("one of its windows lies in the padding alone", "reduce pads or set ceil_mode to 0");
    }
  }
  shape output{input[0], input[1]};
  output.insert(output.end(), placed.output.begin(), placed.output.end());
  net.finish(node, pool{kind, placed.geometry, count_include_pad}, {net.computed(node, 0)}, output);
}

/// A window over all of (N, C, L) or (N, C, H, W).
window whole_window(const shape& input) {
  window geometry;
  geometry.kernel[0] = input.size() == 4 ? input[2] : 1;
  geometry.kernel[1] = input.back();
  return geometry;
}

shape one_cell(const shape& input) {
  shape output(input.size(), 1);
  output[0] = input[0];
  output[1] = input[1];
  return output;
}

void build_global_pool(const onnx_node& node, network& net, pool_kind kind) {
  const shape input = pooled_input(node, net);
  net.finish(node, pool{kind, whole_window(input), false}, {net.computed(node, 0)}, one_cell(input));
}

} // namespace

void build_max_pool(const onnx_node& node, network& net) {
  if (node.output_count() > 1 && !node.output(1).empty()) {
    node.refuse("its output Indices is not supported", "use its first output only");
  }
  if (node.integer("storage_order", 0) != 0) {
    node.refuse("its storage_order is not supported", "it must be 0");
  }
  build_pool(node, net, pool_kind::maximum);
}

void build_average_pool(const onnx_node& node, network& net) {
  build_pool(node, net, pool_kind::average);
}

void build_global_max_pool(const onnx_node& node, network& net) {
  build_global_pool(node, net, pool_kind::maximum);
}

void build_global_average_pool(const onnx_node& node, network& net) {
  build_global_pool(node, net, pool_kind::average);
}

/// A global average pool: the only mean that is supported.
void build_reduce_mean(const onnx_node& node, network& net) {
  const shape input = pooled_input(node, net);
  std::vector<bool> reduced(input.size(), false);
  for (const std::int64_t axis : node.integers("axes").value_or(std::vector<std::int64_t>{})) {
    reduced[checked_axis(node, axis, input.size())] = true;
  }
  for (std::size_t axis = 0; axis < input.size(); ++axis) {
    if (reduced[axis] != (axis >= 2)) {
      node.refuse("it takes the mean over other axes than height and width", "use it as a global average pool only");
    }
  }
  const pool average{pool_kind::average, whole_window(input), false};
  const value_id x = net.computed(node, 0);
  if (node.integer("keepdims", 1) != 0) {
    net.finish(node, average, {x}, one_cell(input));
    return;
  }
  const value_id kept = net.step(node, "kept", average, {x}, one_cell(input));
  net.finish(node, relabel{}, {kept}, {input[0], input[1]});
}

} // namespace sonic::workload
