// SPDX-License-Identifier: Apache-2.0
// Words from a file, made fit for a message.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>

namespace sonic::workload {

/// Printable, and not endless.
std::string printable(const std::string& text, std::size_t longest = 80);

/// Printable and in quotes.
std::string in_quotes(const std::string& name);

/// Words separated by one blank each.
std::string one_line(const std::string& text);

/// "node 'conv1' (Conv)".
std::string describe(const onnx::NodeProto& node);

} // namespace sonic::workload
