// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/graph_batch.h"

#include <algorithm>

namespace sonic::workload {

namespace {

/// Whether one node computes each entry of axis 0 from the same entry of its inputs, given that they are batches.
class keeps_batch {
public:
  keeps_batch(const graph& network, const node& at, std::int64_t batch) : network_(network), at_(at), batch_(batch) {}

  bool operator()(const convolution&) const { return true; }
  bool operator()(const matrix_multiply&) const { return extents(at_.inputs[0]).size() >= 2; }
  bool operator()(const add&) const {
    const std::size_t rank = extents(at_.output).size();
    return std::all_of(at_.inputs.begin(), at_.inputs.end(), [&](value_id id) {
      const shape& operand = extents(id);
      return is_constant(id) ? operand.size() < rank || operand[0] == 1 : operand.size() == rank;
    });
  }
  bool operator()(const scale_shift&) const { return true; }
  bool operator()(const activation&) const { return true; }
  bool operator()(const pool&) const { return true; }
  bool operator()(const relabel&) const { return true; } // its output's axis 0 is checked for all nodes alike
  bool operator()(const transpose& op) const { return op.permutation[0] == 0; }
  bool operator()(const concat& op) const {
    return op.axis > 0 && std::all_of(at_.inputs.begin(), at_.inputs.end(),
                                      [&](value_id id) { return !is_constant(id) || batch_ == 1; });
  }
  bool operator()(const pad& op) const { return op.begin[0] == 0 && op.end[0] == 0; }
  bool operator()(const softmax& op) const { return op.first_axis > 0; }

private:
  const shape& extents(value_id id) const { return network_.values[id].extents; }
  bool is_constant(value_id id) const { return network_.values[id].constant.has_value(); }

  const graph& network_;
  const node& at_;
  std::int64_t batch_;
};

} // namespace

bool is_batch_separable(const graph& network) {
  if (network.inputs.empty() || network.values[network.inputs[0]].extents.empty()) {
    return false;
  }
  const std::int64_t batch = network.values[network.inputs[0]].extents[0];
  const auto is_batch = [&](value_id id) {
    const shape& extents = network.values[id].extents;
    return !extents.empty() && extents[0] == batch;
  };
  return std::all_of(network.inputs.begin(), network.inputs.end(), is_batch) &&
         std::all_of(network.nodes.begin(), network.nodes.end(), [&](const node& at) {
           return is_batch(at.output) && std::visit(keeps_batch(network, at, batch), at.op);
         });
}

} // namespace sonic::workload
