// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/host/inference.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::bench {

/// Blocks of one layer, all of the same shape.
struct bare_layer {
  std::size_t blocks, lanes, symbols;
};

/// The blocks that a run converted, layer by layer, each as large as its layer's mean.
std::vector<bare_layer> shapes_of(const host::inference_result& ran);

/// The floor of a simulation: nothing but the block kernel, on data that it walks as the chip does.
class bare_kernel {
public:
  /// @param rows       from which blocks take their streams, one behind the other: as many as a layer's patches have,
  ///                   more than @p most_lanes
  /// @param longest    most symbols of a block
  /// @param most_lanes of a block
  bare_kernel(std::size_t rows, std::size_t longest, std::size_t most_lanes);

  void run(const std::vector<bare_layer>& layers);

private:
  std::vector<std::vector<float>> rows_;
  std::vector<const float*> pointers_;
  std::vector<std::int32_t> sums_;
  std::vector<float> stationary_;
};

} // namespace sonic::bench
