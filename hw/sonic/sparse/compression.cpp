// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/compression.h"

namespace sonic::sparse {

namespace {

template <class element>
std::uint64_t keep_nonzeros(std::span<const element> activations, std::vector<std::uint32_t>& positions) {
  positions.clear();
  for (std::size_t i = 0; i < activations.size(); ++i) {
    if (activations[i] != element{0}) {
      positions.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return activations.size() - positions.size();
}

} // namespace

void cut_kernel(std::span<const std::uint32_t> columns, std::uint32_t lanes, std::uint32_t slice, std::uint32_t base,
                std::vector<std::uint32_t>& ends) {
  std::uint64_t slice_end = 0; // of the vector that is being filled
  std::uint32_t held = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (held > 0 && (held == lanes || columns[i] >= slice_end)) {
      ends.push_back(base + static_cast<std::uint32_t>(i));
      held = 0;
    }
    if (columns[i] >= slice_end) {
      slice_end = (std::uint64_t{columns[i]} / slice + 1) * slice;
    }
    ++held;
  }
  if (held > 0) {
    ends.push_back(base + static_cast<std::uint32_t>(columns.size()));
  }
}

std::uint64_t compress_activations(std::span<const std::uint16_t> activations, std::vector<std::uint32_t>& positions) {
  return keep_nonzeros(activations, positions);
}

std::uint64_t compress_activations(std::span<const float> activations, std::vector<std::uint32_t>& positions) {
  return keep_nonzeros(activations, positions);
}

} // namespace sonic::sparse
