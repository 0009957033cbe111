// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/float_executor.h"

#include "sonic/core/error.h"
#include "tb/reference/float_kernels.h"

#include <new>
#include <stdexcept>

namespace sonic::reference {

namespace {

using workload::graph;
using workload::node;
using workload::value_id;

/// Calls the loop that belongs to an operation, with its operands.
class dispatch {
public:
  dispatch(const graph& network, const node& at, std::vector<tensor>& values)
      : network_(network), at_(at), values_(values), out_(values[at.output]) {}

  void operator()(const workload::convolution& op) const { multiply(op); }
  void operator()(const workload::matrix_multiply& op) const { multiply(op); }
  void operator()(const workload::add& op) const { run(op, in(0), in(1), out_); }
  void operator()(const workload::relabel&) const { out_.values = in(0).values; }
  void operator()(const workload::concat& op) const {
    std::vector<const tensor*> parts;
    for (std::size_t i = 0; i < at_.inputs.size(); ++i) {
      parts.push_back(&in(i));
    }
    run(op, parts, out_);
  }
  template <typename unary>
  void operator()(const unary& op) const {
    run(op, in(0), out_);
  }

private:
  template <typename product_kind>
  void multiply(const product_kind& op) const {
    run(op, in(0), in(1), at_.inputs.size() > 2 ? &in(2) : nullptr, out_);
  }

  const tensor& in(std::size_t index) const {
    const value_id id = at_.inputs[index];
    const auto& constant = network_.values[id].constant;
    return constant ? *constant : values_[id];
  }

  const graph& network_;
  const node& at_;
  std::vector<tensor>& values_;
  tensor& out_;
};

/// Runs all nodes and calls ran(index of the node, values) behind each.
template <typename follower>
std::vector<tensor> run_nodes(const graph& network, const std::vector<tensor>& inputs, const follower& ran) {
  if (inputs.size() != network.inputs.size()) {
    throw core::user_error(network.name, "it was given " + std::to_string(inputs.size()) + " inputs",
                           "it has " + std::to_string(network.inputs.size()));
  }
  std::vector<tensor> values(network.values.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const workload::value& wanted = network.values[network.inputs[i]];
    if (inputs[i].extents != wanted.extents) {
      throw core::user_error("input '" + wanted.name + "'", "its shape is " + workload::to_string(inputs[i].extents),
                             "the network needs " + workload::to_string(wanted.extents));
    }
    values[network.inputs[i]] = inputs[i];
  }
  try {
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
      const node& at = network.nodes[i];
      tensor& out = values[at.output];
      out.extents = network.values[at.output].extents;
      out.values.resize(static_cast<std::size_t>(workload::element_count(out.extents, network.values[at.output].name)));
      std::visit(dispatch(network, at, values), at.op);
      ran(i, values);
    }
  } catch (const std::bad_alloc&) {
    throw core::user_error(network.name, "it does not fit into memory", "choose a smaller batch or network");
  } catch (const std::length_error&) {
    throw core::user_error(network.name, "it does not fit into memory", "choose a smaller batch or network");
  }
  return values;
}

} // namespace

std::vector<tensor> run_float(const graph& network, const std::vector<tensor>& inputs) {
  return run_nodes(network, inputs, [](std::size_t, const std::vector<tensor>&) {});
}

std::vector<tensor> run_float_outputs(const graph& network, const std::vector<tensor>& inputs) {
  const std::size_t to_the_end = network.nodes.size();
  std::vector<std::size_t> last_reader(network.values.size(), 0);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    for (const value_id id : network.nodes[i].inputs) {
      last_reader[id] = i;
    }
  }
  for (const value_id id : network.outputs) {
    last_reader[id] = to_the_end;
  }
  auto values = run_nodes(network, inputs, [&](std::size_t i, std::vector<tensor>& all) {
    for (const value_id id : network.nodes[i].inputs) {
      if (last_reader[id] == i) {
        all[id] = {};
      }
    }
  });
  std::vector<tensor> outputs;
  for (const value_id id : network.outputs) {
    outputs.push_back(values[id]);
  }
  return outputs;
}

} // namespace sonic::reference
