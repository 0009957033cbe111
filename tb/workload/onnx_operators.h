// SPDX-License-Identifier: Apache-2.0
// The table of ONNX operators, and the functions that it points to.
#pragma once

#include "tb/workload/onnx_network.h"
#include "tb/workload/onnx_node.h"

#include <string>
#include <vector>

namespace sonic::workload {

/// Defines the node's first output, from computed inputs or constants.
/// @throws core::user_error at the node
using operator_builder = void (*)(const onnx_node& node, network& net);

struct operator_entry {
  const char* name;
  operator_builder build; ///< nullptr: for constants only
  operator_builder fold;  ///< where every input is a constant; nullptr: not folded
};

/// nullptr if the operator is not supported.
const operator_entry* find_operator(const std::string& name);

// Products with stationary weights (onnx_linear.cpp).
void build_conv(const onnx_node& node, network& net);
void build_gemm(const onnx_node& node, network& net);
void build_matmul(const onnx_node& node, network& net);

// Element by element (onnx_elementwise.cpp, onnx_activation.cpp).
void build_add(const onnx_node& node, network& net);
void build_sub(const onnx_node& node, network& net);
void build_mul(const onnx_node& node, network& net);
void build_div(const onnx_node& node, network& net);
void build_batch_normalization(const onnx_node& node, network& net);
void build_relu(const onnx_node& node, network& net);
void build_leaky_relu(const onnx_node& node, network& net);
void build_clip(const onnx_node& node, network& net);
void build_softmax(const onnx_node& node, network& net);
void build_log_softmax(const onnx_node& node, network& net);

// Windows (onnx_pool.cpp).
void build_max_pool(const onnx_node& node, network& net);
void build_average_pool(const onnx_node& node, network& net);
void build_global_max_pool(const onnx_node& node, network& net);
void build_global_average_pool(const onnx_node& node, network& net);
void build_reduce_mean(const onnx_node& node, network& net);

// The same elements elsewhere (onnx_layout.cpp).
void build_identity(const onnx_node& node, network& net);
void build_dropout(const onnx_node& node, network& net);
void build_cast(const onnx_node& node, network& net);
void build_flatten(const onnx_node& node, network& net);
void build_reshape(const onnx_node& node, network& net);
void build_squeeze(const onnx_node& node, network& net);
void build_unsqueeze(const onnx_node& node, network& net);
void build_transpose(const onnx_node& node, network& net);
void build_concat(const onnx_node& node, network& net);
void build_pad(const onnx_node& node, network& net);
void build_slice(const onnx_node& node, network& net); // onnx_slice.cpp
void build_shape(const onnx_node& node, network& net);

// Constants only (onnx_fold.cpp, onnx_fold_arithmetic.cpp).
void fold_constant(const onnx_node& node, network& net);
void fold_constant_of_shape(const onnx_node& node, network& net);
void fold_identity(const onnx_node& node, network& net);
void fold_cast(const onnx_node& node, network& net);
void fold_gather(const onnx_node& node, network& net);
void fold_reshape(const onnx_node& node, network& net);
void fold_flatten(const onnx_node& node, network& net);
void fold_squeeze(const onnx_node& node, network& net);
void fold_unsqueeze(const onnx_node& node, network& net);
void fold_transpose(const onnx_node& node, network& net);
void fold_concat(const onnx_node& node, network& net);
void fold_slice(const onnx_node& node, network& net);
void fold_add(const onnx_node& node, network& net);
void fold_sub(const onnx_node& node, network& net);
void fold_mul(const onnx_node& node, network& net);
void fold_div(const onnx_node& node, network& net);
void fold_dequantize_linear(const onnx_node& node, network& net);

} // namespace sonic::workload
