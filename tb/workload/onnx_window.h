// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/graph.h"
#include "tb/workload/onnx_node.h"

namespace sonic::workload {

/// A window with its paddings resolved, and the spatial extents that it gives.
struct placed_window {
  window geometry;
  shape output; ///< one or two spatial extents
};

/// Reads strides, dilations, pads, auto_pad and ceil_mode of a Conv or a pool.
/// @param kernel spatial extents of the kernel, one or two
/// @param input  spatial extents of the input, as many
/// @throws core::user_error at the node if an attribute is out of range or the window does not fit
placed_window place_window(const onnx_node& node, const shape& kernel, const shape& input);

/// The attribute kernel_shape, if there is one.
/// @throws core::user_error at the node if it has not @p rank positive entries
std::optional<shape> kernel_shape(const onnx_node& node, std::size_t rank);

} // namespace sonic::workload
