// SPDX-License-Identifier: Apache-2.0
// From a file to an ONNX model that is safe to walk: parsed, complete, and in order.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sonic::workload {

class operator_schemas;

inline constexpr int oldest_opset = 9;
inline constexpr int newest_opset = 17;

/// Reads a model and checks it: size, operator set, domains, tensors' data, external files (which are taken in), names
/// defined once and before use (nodes are put in order).
/// @throws core::user_error
onnx::ModelProto read_model(const std::filesystem::path& file);

/// Version of the standard operator set that the model was made for.
/// @throws core::user_error if there is none or it is not supported
int opset_of(const onnx::ModelProto& model, const std::string& where);

/// Runs ONNX's own checker. The model is unchanged afterwards.
/// @throws core::user_error with its message
void check_model(onnx::ModelProto& model, const operator_schemas& schemas, const std::string& where);

/// Binds open batch extents (axis 0 of the inputs) to @p batch. Initialisers listed as inputs are not inputs.
/// @return whether there was any
/// @throws core::user_error naming input and axis if another extent is open, or if an input is no tensor of floats
bool bind_batch(onnx::ModelProto& model, std::int64_t batch, const std::string& where);

/// Names of the graph's inputs that no initialiser provides, in order.
std::vector<std::string> free_inputs(const onnx::GraphProto& graph);

/// Runs ONNX's shape inference over a checked model, whose sparse initialisers it replaces.
/// @return the extents of each named tensor, with -1 where they stay unknown
/// @throws core::user_error if the inference finds a contradiction
std::map<std::string, std::vector<std::int64_t>> infer_shapes(onnx::ModelProto& model, const operator_schemas& schemas,
                                                              const std::string& where);

} // namespace sonic::workload
