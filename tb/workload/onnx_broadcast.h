// SPDX-License-Identifier: Apache-2.0
// NumPy's rule of broadcasting, which ONNX follows.
#pragma once

#include "tb/workload/onnx_node.h"
#include "tb/workload/tensor.h"

#include <cstddef>
#include <vector>

namespace sonic::workload {

/// The common shape. @throws core::user_error at the node if there is none
shape broadcast(const onnx_node& node, const shape& a, const shape& b);

/// For each element of the axes [first, last) of @p whole, in order, the element of @p source that stands for it when
/// source is broadcast to whole. Source must not vary over the other axes. Axes beyond the rank count as extent 1.
std::vector<std::size_t> broadcast_indices(const shape& source, const shape& whole, std::size_t first,
                                           std::size_t last);

} // namespace sonic::workload
