// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_network.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_text.h"

#include <algorithm>
#include <utility>

namespace sonic::workload {

std::int64_t extent_product(const shape& extents, std::size_t first, std::size_t last) {
  std::int64_t product = 1;
  for (std::size_t axis = first; axis < last; ++axis) {
    product *= extents[axis];
  }
  return product;
}

std::size_t checked_axis(const onnx_node& node, std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) {
    node.refuse("its axis " + std::to_string(axis) + " lies outside a tensor of rank " + std::to_string(rank));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

void network::define_input(const std::string& name, const shape& extents) {
  const value_id id = add_value(name, extents);
  result_.inputs.push_back(id);
  tensors_.emplace(name, id);
}

void network::define_constant(const std::string& name, constant_array array) {
  tensors_.insert_or_assign(name, std::move(array));
}

const network::tensor_meaning& network::meaning(const onnx_node& node, std::size_t input) const {
  if (!node.has_input(input)) {
    node.refuse("its input " + std::to_string(input) + " is missing");
  }
  const auto found = tensors_.find(node.input(input));
  if (found == tensors_.end()) {
    node.refuse("it uses " + in_quotes(node.input(input)) + ", an output that is not supported");
  }
  return found->second;
}

const constant_array* network::find_constant(const onnx_node& node, std::size_t input) const {
  return node.has_input(input) ? std::get_if<constant_array>(&meaning(node, input)) : nullptr;
}

const constant_array& network::constant(const onnx_node& node, std::size_t input, const std::string& role) const {
  const constant_array* found = std::get_if<constant_array>(&meaning(node, input));
  if (found == nullptr) {
    node.refuse("its " + role + " " + in_quotes(node.input(input)) + " is computed by the network",
                "it must be a constant");
  }
  return *found;
}

const constant_array& network::parameters(const onnx_node& node, std::size_t input, const std::string& role) {
  const constant_array& array = constant(node, input, role);
  if (!array.is_real() || array.size() == 0) {
    node.refuse("its " + role + " " + in_quotes(node.input(input)) +
                    (array.size() == 0 ? " is empty" : " holds integers"),
                "it must hold floating-point numbers");
  }
  count_parameters(node.input(input), array);
  return array;
}

std::vector<std::int64_t> network::integer_list(const onnx_node& node, std::size_t input,
                                                const std::string& role) const {
  const constant_array& array = constant(node, input, role);
  if (array.is_real() || array.extents.size() > 1) {
    node.refuse("its " + role + " " + in_quotes(node.input(input)) + " is no list of integers");
  }
  return array.integers();
}

bool network::is_computed(const onnx_node& node, std::size_t input) const {
  return node.has_input(input) && std::holds_alternative<value_id>(meaning(node, input));
}

void network::count_uses(const onnx::GraphProto& model) {
  for (const auto& node : model.node()) {
    for (const std::string& input : node.input()) {
      ++uses_[input];
    }
  }
  for (const auto& output : model.output()) {
    ++uses_[output.name()];
  }
}

constant_numbers network::take(const onnx_node& node, std::size_t input, const std::string& role) {
  constant(node, input, role);
  auto& array = std::get<constant_array>(tensors_.at(node.input(input)));
  if (uses_[node.input(input)] > 1) {
    return array.data;
  }
  return std::move(array.data);
}

std::vector<float> network::take_reals(const onnx_node& node, std::size_t input) {
  return std::get<std::vector<float>>(take(node, input, "input"));
}

void network::drop_unused(const onnx_node& node) {
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    const auto found = tensors_.find(node.input(i));
    if (--uses_[node.input(i)] == 0 && found != tensors_.end() &&
        std::holds_alternative<constant_array>(found->second)) {
      tensors_.erase(found);
    }
  }
}

value_id network::computed(const onnx_node& node, std::size_t input) const {
  const value_id* id = std::get_if<value_id>(&meaning(node, input));
  if (id == nullptr) {
    node.refuse("its input " + in_quotes(node.input(input)) + " is a constant",
                "it must be computed by the network or be an input");
  }
  return *id;
}

value_id network::any(const onnx_node& node, std::size_t input) {
  if (is_computed(node, input)) {
    return computed(node, input);
  }
  const std::string& name = node.input(input);
  const constant_array& array = parameters(node, input, "operand");
  const auto known = constant_values_.find(name);
  if (known != constant_values_.end()) {
    return known->second;
  }
  const value_id id = add_constant(name, array.extents, take_reals(node, input));
  constant_values_.emplace(name, id);
  return id;
}

shape network::extents(const onnx_node& node, std::size_t input) const {
  const tensor_meaning& found = meaning(node, input);
  const value_id* id = std::get_if<value_id>(&found);
  return id != nullptr ? extents(*id) : std::get<constant_array>(found).extents;
}

value_id network::add_value(const std::string& name, const shape& extents) {
  const std::string where = file_ + ", tensor " + in_quotes(name);
  total_elements_ += element_count(extents, where);
  if (total_elements_ > max_elements) {
    throw core::user_error(
        where, "all tensors of the network up to here have more than " + std::to_string(max_elements) + " elements",
        "choose a smaller batch or network");
  }
  result_.values.push_back({name, extents, std::nullopt});
  return result_.values.size() - 1;
}

value_id network::add_constant(const std::string& name, const shape& extents, std::vector<float> values) {
  const value_id id = add_value(name, extents);
  result_.values[id].constant = tensor{extents, std::move(values)};
  return id;
}

value_id network::step(const onnx_node& node, const std::string& part, operation op, std::vector<value_id> inputs,
                       const shape& extents) {
  const value_id output = add_value(node.output() + "." + part, extents);
  result_.nodes.push_back({node.name() + "." + part, node.op_type(), std::move(op), std::move(inputs), output});
  return output;
}

value_id network::finish(const onnx_node& node, operation op, std::vector<value_id> inputs, const shape& extents) {
  const value_id output = add_value(node.output(), extents);
  result_.nodes.push_back({node.name(), node.op_type(), std::move(op), std::move(inputs), output});
  tensors_.insert_or_assign(node.output(), output);
  return output;
}

void network::give_out(const std::string& name) {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    throw core::user_error(file_ + ", output " + in_quotes(name), "it is an optional output that is not supported",
                           "expected the outputs of inference only, without masks, indices or statistics");
  }
  const value_id* id = std::get_if<value_id>(&found->second);
  if (id == nullptr) {
    throw core::user_error(file_ + ", output " + in_quotes(name), "it is a constant, so there is nothing to compute",
                           "outputs must depend on an input");
  }
  value_id given = *id;
  if (std::find(result_.inputs.begin(), result_.inputs.end(), given) != result_.inputs.end()) {
    const shape extents = result_.values[given].extents;
    const value_id output = add_value(name, extents);
    result_.nodes.push_back({name, "Identity", relabel{}, {given}, output});
    given = output;
  }
  result_.outputs.push_back(given);
}

void network::count_parameters(const std::string& name, const constant_array& array) {
  if (counted_.insert(name).second) {
    result_.parameters += static_cast<std::int64_t>(array.size());
    result_.zero_parameters += std::count(array.reals().begin(), array.reals().end(), 0.0F);
  }
}

} // namespace sonic::workload
