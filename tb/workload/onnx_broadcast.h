// SPDX-License-Identifier: Apache-2.0
// NumPy's rule of broadcasting, which ONNX follows.
#pragma once

#include "tb/workload/onnx_node.h"
#include "tb/workload/tensor.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::workload {

/// The common shape. @throws core::user_error at the node if there is none
shape broadcast(const onnx_node& node, const shape& a, const shape& b);

/// For each axis of @p whole, how far one step along it leads in @p source when source is broadcast to whole.
std::vector<std::int64_t> broadcast_strides(const shape& source, const shape& whole);

/// For each element of the axes [first, last) of @p whole, in order, the element of @p source that stands for it when
/// source is broadcast to whole. Source must not vary over the other axes. Axes beyond the rank count as extent 1.
std::vector<std::size_t> broadcast_indices(const shape& source, const shape& whole, std::size_t first,
                                           std::size_t last);

} // namespace sonic::workload
