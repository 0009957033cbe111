// SPDX-License-Identifier: Apache-2.0
// Reads an ONNX network (https://onnx.ai, operator sets 9 to 17) and reduces it to the operations of graph.h.
#pragma once

#include "tb/workload/graph.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace sonic::workload {

/// Reads, checks and reduces a network.
/// @param file  the ONNX model; tensors stored outside must lie in its folder or below
/// @param batch bound to axis 0 of each input where the model leaves that extent open; without effect on inputs whose
///              batch is fixed (graph::symbolic_batch is 0 then, if all are)
/// @return the graph: every shape known, constants folded, unused constants dropped
/// @throws core::user_error naming file, node or tensor if the file is damaged, if the network breaks the rules of ONNX
///         or if it needs an operator, an option or a type that is not supported
graph import_onnx(const std::filesystem::path& file, std::int64_t batch = 1);

/// The supported operators in alphabetical order, separated by commas.
std::string supported_operators();

} // namespace sonic::workload
