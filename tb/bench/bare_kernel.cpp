// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/bare_kernel.h"

#include "sonic/physics/dot_product.h"

#include <algorithm>

namespace sonic::bench {

std::vector<bare_layer> shapes_of(const host::inference_result& ran) {
  std::vector<bare_layer> layers;
  for (const auto& record : ran.layers) {
    for (const auto* a : {&record.done.conv, &record.done.fc}) {
      if (a->blocks > 0) {
        const auto lanes = std::max<std::uint64_t>(1, (a->held_lane_symbols + a->symbols / 2) / a->symbols);
        layers.push_back({a->blocks, lanes, a->symbols / a->blocks});
      }
    }
  }
  return layers;
}

bare_kernel::bare_kernel(std::size_t rows, std::size_t longest, std::size_t most_lanes)
    : rows_(rows, std::vector<float>(longest, 100.0F)), sums_(longest), stationary_(most_lanes, 0.5F) {
  for (const auto& row : rows_) {
    pointers_.push_back(row.data());
  }
}

void bare_kernel::run(const std::vector<bare_layer>& layers) {
  for (const auto& layer : layers) {
    for (std::size_t b = 0; b < layer.blocks; ++b) {
      const std::size_t first = (b * layer.lanes) % (rows_.size() - layer.lanes);
      physics::detect_and_convert({stationary_.data(), layer.lanes}, pointers_.data() + first, layer.symbols, 1.0F,
                                  0.01F, 32767.0F, sums_.data());
    }
  }
}

} // namespace sonic::bench
