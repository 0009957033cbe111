// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_order.h"

#include "sonic/core/error.h"
#include "tb/workload/onnx_text.h"

#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sonic::workload {

namespace {

using node_index = int;
/// Who makes each tensor; inputs and constants have no node.
using producers = std::unordered_map<std::string, node_index>;
constexpr node_index no_node = -1;

producers find_producers(const onnx::GraphProto& graph, const std::string& where) {
  producers made;
  const auto define = [&](const std::string& name, node_index by) {
    if (!made.emplace(name, by).second) {
      throw core::user_error(where, "the tensor " + in_quotes(name) + " is defined twice", "names must be unique");
    }
  };
  for (const auto& tensor : graph.initializer()) {
    define(tensor.name(), no_node);
  }
  for (const auto& sparse : graph.sparse_initializer()) {
    define(sparse.values().name(), no_node);
  }
  std::unordered_set<std::string> inputs;
  for (const auto& input : graph.input()) {
    if (!inputs.insert(input.name()).second) {
      throw core::user_error(where, "the input " + in_quotes(input.name()) + " is defined twice",
                             "names must be unique");
    }
    made.emplace(input.name(), no_node); // an initialiser of the same name is the input's default
  }
  for (node_index n = 0; n < graph.node_size(); ++n) {
    for (const auto& output : graph.node(n).output()) {
      if (!output.empty()) {
        define(output, n);
      }
    }
  }
  return made;
}

void check_outputs(const onnx::GraphProto& graph, const producers& made, const std::string& where) {
  std::unordered_set<std::string> seen;
  for (const auto& output : graph.output()) {
    if (made.count(output.name()) == 0) {
      throw core::user_error(where, "the output " + in_quotes(output.name()) + " is made by no node", "");
    }
    if (!seen.insert(output.name()).second) {
      throw core::user_error(where, "the output " + in_quotes(output.name()) + " is listed twice", "");
    }
  }
}

} // namespace

void put_in_order(onnx::GraphProto& graph, const std::string& where) {
  const producers made = find_producers(graph, where);
  check_outputs(graph, made, where);
  const auto count = static_cast<std::size_t>(graph.node_size());
  std::vector<std::size_t> waiting_for(count, 0);
  std::vector<std::vector<node_index>> users(count);
  for (node_index n = 0; n < graph.node_size(); ++n) {
    for (const auto& input : graph.node(n).input()) {
      if (input.empty()) {
        continue;
      }
      const auto maker = made.find(input);
      if (maker == made.end()) {
        throw core::user_error(
            where, describe(graph.node(n)) + " uses the tensor " + in_quotes(input) + ", which nothing defines",
            "it must be an input, an initialiser or another node's output");
      }
      if (maker->second != no_node) {
        users[static_cast<std::size_t>(maker->second)].push_back(n);
        ++waiting_for[static_cast<std::size_t>(n)];
      }
    }
  }
  std::priority_queue<node_index, std::vector<node_index>, std::greater<>> ready;
  for (std::size_t n = 0; n < count; ++n) {
    if (waiting_for[n] == 0) {
      ready.push(static_cast<node_index>(n));
    }
  }
  google::protobuf::RepeatedPtrField<onnx::NodeProto> ordered;
  while (!ready.empty()) {
    const node_index n = ready.top();
    ready.pop();
    *ordered.Add() = graph.node(n);
    for (const node_index user : users[static_cast<std::size_t>(n)]) {
      if (--waiting_for[static_cast<std::size_t>(user)] == 0) {
        ready.push(user);
      }
    }
  }
  for (std::size_t n = 0; n < count; ++n) {
    if (waiting_for[n] != 0) {
      throw core::user_error(where,
                             describe(graph.node(static_cast<node_index>(n))) +
                                 " depends on its own output, directly or through others",
                             "a network must have no cycles");
    }
  }
  graph.mutable_node()->Swap(&ordered);
}

} // namespace sonic::workload
