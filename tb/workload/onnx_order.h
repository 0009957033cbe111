// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <onnx/onnx_pb.h>

#include <string>

namespace sonic::workload {

/// Puts the nodes into topological order, keeping the file's order wherever it is one already.
/// @throws core::user_error if a tensor is defined twice, is used or given out but never defined, or depends on itself
void put_in_order(onnx::GraphProto& graph, const std::string& where);

} // namespace sonic::workload
