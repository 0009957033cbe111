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

namespace {

/// Values from one row to the next: they overlap as those of a kernel of three rows do, and begin where vectors may.
std::size_t apart(std::size_t symbols) {
  constexpr std::size_t vector = 16;
  return (symbols / 3 + vector - 1) / vector * vector;
}

} // namespace

bare_kernel::bare_kernel(std::size_t rows, std::size_t longest)
    : values_(rows * apart(longest) + longest, 100.0F), offsets_(rows), sums_(longest) {}

void bare_kernel::run(const std::vector<bare_layer>& layers) {
  constexpr std::size_t together = 100; // about as many blocks as a kernel has
  for (const auto& layer : layers) {
    for (std::size_t row = 0; row < offsets_.size(); ++row) {
      offsets_[row] = static_cast<std::uint32_t>(row * apart(layer.symbols));
    }
    rows_.clear();
    ends_.clear();
    for (std::size_t b = 0; b < together; ++b) {
      for (std::size_t l = 0; l < layer.lanes; ++l) {
        rows_.push_back(static_cast<std::uint32_t>(rows_.size() % offsets_.size()));
      }
      ends_.push_back(static_cast<std::uint32_t>(rows_.size()));
    }
    stationary_.resize(rows_.size(), 0.5F);
    const float largest_sum = 65535.0F * static_cast<float>(layer.lanes);
    for (std::size_t done = 0; done < layer.blocks; done += together) {
      const auto blocks = static_cast<std::uint32_t>(std::min(together, layer.blocks - done));
      physics::detect_and_convert(
          {stationary_.data(), values_.data(), offsets_.data(), rows_.data(), ends_.data(), 0, blocks}, layer.symbols,
          {1.0F, 0.01F, 32767.0F, largest_sum}, sums_.data());
    }
  }
}

} // namespace sonic::bench
