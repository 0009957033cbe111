// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>

namespace sonic::workload {

/// Takes the data of tensors stored in other files into the model, after checking path, offset and length.
/// @param folder the model's folder, which the files must not leave
/// @throws core::user_error naming model and tensor
void take_in_external_data(onnx::ModelProto& model, const std::filesystem::path& file);

} // namespace sonic::workload
