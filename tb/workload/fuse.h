// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/graph.h"

#include <limits>
#include <vector>

namespace sonic::workload {

/// Nodes that become one layer operation: y = function(gain[c] * head + shift[c]), where head is what the first node
/// computes without its bias.
struct fused_layer {
  std::vector<std::size_t> nodes; ///< indices into graph::nodes, in order
  value_id output = 0;            ///< of the last of them
  /// One entry per channel, or one for all. Channels lie on the last axis of a matrix product, else on axis 1.
  std::vector<double> gain{1.0};
  std::vector<double> shift{0.0};
  bool scaled = false; ///< a scale_shift node behind the head was absorbed
  activation function{1.0, -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
};

/// Groups the nodes of a network, in topological order. A tensor disappears only if it has one consumer and is not an
/// output of the graph.
std::vector<fused_layer> fuse(const graph& network);

/// A per-channel entry of fused_layer or scale_shift: the only one, or that of the channel.
inline double channel_entry(const std::vector<double>& entries, std::size_t channel) {
  return entries[entries.size() == 1 ? 0 : channel];
}

} // namespace sonic::workload
