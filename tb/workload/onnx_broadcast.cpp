// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_broadcast.h"

#include <algorithm>

namespace sonic::workload {

shape broadcast(const onnx_node& node, const shape& a, const shape& b) {
  shape whole(std::max(a.size(), b.size()));
  for (std::size_t back = 1; back <= whole.size(); ++back) {
    const std::int64_t from_a = back <= a.size() ? a[a.size() - back] : 1;
    const std::int64_t from_b = back <= b.size() ? b[b.size() - back] : 1;
    if (from_a != from_b && from_a != 1 && from_b != 1) {
      node.refuse("its operands have the shapes " + to_string(a) + " and " + to_string(b),
                  "extents must be equal or 1, counted from the last axis");
    }
    whole[whole.size() - back] = from_a == 1 ? from_b : from_a;
  }
  return whole;
}

std::vector<std::int64_t> broadcast_strides(const shape& source, const shape& whole) {
  const std::size_t lead = whole.size() - source.size();
  std::vector<std::int64_t> strides(whole.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t axis = source.size(); axis-- > 0;) {
    strides[lead + axis] = source[axis] > 1 ? stride : 0;
    stride *= source[axis];
  }
  return strides;
}

std::vector<std::size_t> broadcast_indices(const shape& source, const shape& whole, std::size_t first,
                                           std::size_t last) {
  const std::size_t end = std::min(last, whole.size());
  const std::size_t begin = std::min(first, end);
  const std::vector<std::int64_t> strides = broadcast_strides(source, whole);
  std::vector<std::size_t> indices{0};
  for (std::size_t axis = begin; axis < end; ++axis) {
    std::vector<std::size_t> finer;
    finer.reserve(indices.size() * static_cast<std::size_t>(whole[axis]));
    for (const std::size_t index : indices) {
      for (std::size_t i = 0; i < static_cast<std::size_t>(whole[axis]); ++i) {
        finer.push_back(index + i * static_cast<std::size_t>(strides[axis]));
      }
    }
    indices = std::move(finer);
  }
  return indices;
}

} // namespace sonic::workload
