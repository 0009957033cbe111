// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/graph.h"

#include <memory>
#include <vector>

namespace sonic::bench {

/// A network as oneDNN runs it: dense float32, batch 1, one thread, activations fused into what precedes them. The
/// floor that a simulation is measured against: what the computation itself costs on this processor.
class dense_network {
public:
  /// @param network convolutions, fully connected layers, ReLU, maximum pools and flattening in a chain
  explicit dense_network(const workload::graph& network);
  dense_network(const dense_network&) = delete;
  dense_network& operator=(const dense_network&) = delete;
  ~dense_network();

  /// @param image the network's only input
  std::vector<float> run(const workload::tensor& image);

private:
  struct plan;
  std::unique_ptr<plan> plan_;
};

} // namespace sonic::bench
