// SPDX-License-Identifier: Apache-2.0
// The graph under construction, and what each ONNX tensor name stands for so far.
#pragma once

#include "tb/workload/graph.h"
#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_node.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace sonic::workload {

/// Number of elements from @p first to before @p last of a shape.
std::int64_t extent_product(const shape& extents, std::size_t first, std::size_t last);

/// @p axis counted from the front. @throws core::user_error at the node if it lies outside the rank
std::size_t checked_axis(const onnx_node& node, std::int64_t axis, std::size_t rank);

class network {
public:
  explicit network(std::string file) : file_(std::move(file)) {}

  graph& result() { return result_; }
  const graph& result() const { return result_; }

  void define_input(const std::string& name, const shape& extents);
  void define_constant(const std::string& name, constant_array array);

  /// The constant behind an input; nullptr if the input is absent or computed.
  const constant_array* find_constant(const onnx_node& node, std::size_t input) const;
  /// The same where a constant is required. @param role for the message, such as "weights"
  const constant_array& constant(const onnx_node& node, std::size_t input, const std::string& role) const;
  /// A required constant of floats, counted as parameters of the network.
  const constant_array& parameters(const onnx_node& node, std::size_t input, const std::string& role);
  /// A required constant list of integers, such as a shape or axes.
  std::vector<std::int64_t> integer_list(const onnx_node& node, std::size_t input, const std::string& role) const;

  bool is_computed(const onnx_node& node, std::size_t input) const;
  /// The value behind an input. @throws core::user_error if it is a constant
  value_id computed(const onnx_node& node, std::size_t input) const;
  /// The value behind an input; a constant of floats becomes a value of the graph and counts as parameters.
  value_id any(const onnx_node& node, std::size_t input);
  shape extents(value_id id) const { return result_.values[id].extents; }
  /// Shape of a computed or constant input.
  shape extents(const onnx_node& node, std::size_t input) const;

  /// Counts how often each tensor is needed: by a node or as an output.
  void count_uses(const onnx::GraphProto& model);
  /// Numbers of a required constant: moved out, which leaves it without, if no other input needs them.
  constant_numbers take(const onnx_node& node, std::size_t input, const std::string& role);
  std::vector<float> take_reals(const onnx_node& node, std::size_t input); ///< likewise, of a constant of floats
  /// Forgets the constants that nothing after this node needs.
  void drop_unused(const onnx_node& node);

  value_id add_constant(const std::string& name, const shape& extents, std::vector<float> values);

  /// Adds the node that gives the ONNX node's first output.
  value_id finish(const onnx_node& node, operation op, std::vector<value_id> inputs, const shape& extents);
  /// Adds a node before that one; @p part tells its name from the ONNX node's.
  value_id step(const onnx_node& node, const std::string& part, operation op, std::vector<value_id> inputs,
                const shape& extents);

  /// Marks an ONNX output as given out by the graph; a tensor that is an input gets a relabel node.
  void give_out(const std::string& name);

private:
  using tensor_meaning = std::variant<value_id, constant_array>;

  const tensor_meaning& meaning(const onnx_node& node, std::size_t input) const;
  value_id add_value(const std::string& name, const shape& extents);
  void count_parameters(const std::string& name, const constant_array& array);

  std::string file_;
  graph result_;
  std::unordered_map<std::string, tensor_meaning> tensors_;
  std::unordered_map<std::string, value_id> constant_values_;
  std::unordered_set<std::string> counted_;
  std::unordered_map<std::string, std::int64_t> uses_; ///< of each tensor, from the node on that is being built
  std::int64_t total_elements_ = 0;
};

} // namespace sonic::workload
