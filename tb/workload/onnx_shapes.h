// SPDX-License-Identifier: Apache-2.0
// Shapes that operators compute from shapes, whether their input is computed or constant.
#pragma once

#include "tb/workload/onnx_network.h"

namespace sonic::workload {

shape reshaped(const onnx_node& node, const network& net, const shape& from);
shape flattened(const onnx_node& node, const shape& from);
shape squeezed(const onnx_node& node, const network& net, const shape& from);
shape unsqueezed(const onnx_node& node, const network& net, const shape& from);

/// The attribute perm, checked, or the reversed axes.
std::vector<std::int64_t> permutation(const onnx_node& node, std::size_t rank);
shape permuted(const shape& from, const std::vector<std::int64_t>& order);

/// Shape of the inputs joined along the attribute axis.
struct joined_shape {
  std::size_t axis;
  shape extents;
};
joined_shape joined(const onnx_node& node, const network& net);

} // namespace sonic::workload
