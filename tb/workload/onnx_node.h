// SPDX-License-Identifier: Apache-2.0
// One node of an ONNX graph as the builder of its operator reads it.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sonic::workload {

class onnx_node {
public:
  /// @param proto outlives this object
  /// @param file  for messages
  /// @param index position in the graph, which names a nameless node
  onnx_node(const onnx::NodeProto& proto, const std::string& file, std::size_t index, int opset);

  const std::string& name() const { return name_; } ///< "<op type>_<index>" where the file has none
  const std::string& op_type() const { return proto_.op_type(); }
  int opset() const { return opset_; }

  std::size_t input_count() const { return static_cast<std::size_t>(proto_.input_size()); }
  /// Whether the optional input is given.
  bool has_input(std::size_t index) const { return index < input_count() && !input(index).empty(); }
  const std::string& input(std::size_t index) const { return proto_.input(static_cast<int>(index)); }
  std::size_t output_count() const { return static_cast<std::size_t>(proto_.output_size()); }
  const std::string& output(std::size_t index = 0) const { return proto_.output(static_cast<int>(index)); }

  bool has_attribute(const std::string& attribute) const { return find(attribute) != nullptr; }
  std::int64_t integer(const std::string& attribute, std::int64_t otherwise) const;
  double real(const std::string& attribute, double otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
  std::optional<std::vector<std::int64_t>> integers(const std::string& attribute) const;
  const onnx::AttributeProto* find(const std::string& attribute) const;

  /// "file, node 'conv1' (Conv)".
  std::string where() const;
  /// @throws core::user_error at this node
  [[noreturn]] void refuse(const std::string& problem, const std::string& expected = "") const;

private:
  const onnx::AttributeProto* find(const std::string& attribute, onnx::AttributeProto::AttributeType type) const;

  const onnx::NodeProto& proto_;
  std::string file_;
  std::string name_;
  int opset_;
};

} // namespace sonic::workload
