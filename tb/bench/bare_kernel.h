// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/large_pages.h"
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
  /// @param rows    from which blocks take their streams: as many as a layer's patches have
  /// @param longest most symbols of a block
  bare_kernel(std::size_t rows, std::size_t longest);

  void run(const std::vector<bare_layer>& layers);

private:
  std::vector<float, core::large_page_allocator<float>> values_;
  std::vector<float> stationary_;
  std::vector<std::uint32_t> offsets_, rows_, ends_;
  std::vector<std::int32_t> sums_;
};

} // namespace sonic::bench
