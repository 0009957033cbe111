// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::bench {

enum class layer_kind : std::uint8_t { convolution, fully_connected };

/// A layer to measure.
struct layer_shape {
  layer_kind kind;
  std::int64_t width;  ///< input and output channels, or features
  std::int64_t extent; ///< rows and columns of the plane; 1 if fully connected
  double sparsity;     ///< part of the weights that is zero
};

/// What simulating one layer costs.
struct layer_cost {
  layer_shape of;
  double dense_macs = 0.0;   ///< multiplications of the layer
  double nonzero_macs = 0.0; ///< of these, with a weight that is not zero
  double conversions = 0.0;  ///< analog sums sampled by the converter
  double blocks = 0.0;       ///< that these were made in
  int rounds = 0;
  double zero_ns = 0.0; ///< median time of a run of the same layer with all its weights zero
  double run_ns = 0.0;  ///< median time of one run
  double least_run_ns = 0.0;
  double floor_ns = 0.0; ///< median time of the bare kernel on as many blocks of the same shape
};

/// Measures all layers in turns, each on a chip of its own: in every round each layer runs once to warm up and then for
/// some milliseconds. Layers that take long are left out of later rounds.
std::vector<layer_cost> measure_costs(const std::string& configuration, const std::vector<layer_shape>& shapes,
                                      int rounds);

} // namespace sonic::bench
