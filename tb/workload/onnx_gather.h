// SPDX-License-Identifier: Apache-2.0
// Constants whose elements come from elsewhere in another constant.
#pragma once

#include "tb/workload/onnx_constant.h"
#include "tb/workload/onnx_node.h"

#include <type_traits>
#include <utility>
#include <variant>

namespace sonic::workload {

/// A constant of the same kind of numbers with @p extents, element i being element source(i) of @p from.
template <typename source_of>
constant_array gathered(const onnx_node& node, const constant_array& from, const shape& extents, source_of source) {
  const auto count = static_cast<std::size_t>(constant_count(extents, node.where()));
  constant_array result{extents, {}};
  std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> moved(count);
        for (std::size_t i = 0; i < count; ++i) {
          moved[i] = values[source(i)];
        }
        result.data = std::move(moved);
      },
      from.data);
  return result;
}

/// For each output axis a start and a stride into the source; gives the source of output element i.
class strided_source {
public:
  strided_source(shape extents, std::vector<std::int64_t> strides, std::int64_t start)
      : extents_(std::move(extents)), strides_(std::move(strides)), start_(start) {}

  std::size_t operator()(std::size_t index) const {
    auto rest = static_cast<std::int64_t>(index);
    std::int64_t source = start_;
    for (std::size_t axis = extents_.size(); axis-- > 0;) {
      source += rest % extents_[axis] * strides_[axis];
      rest /= extents_[axis];
    }
    return static_cast<std::size_t>(source);
  }

private:
  shape extents_;
  std::vector<std::int64_t> strides_;
  std::int64_t start_;
};

inline std::vector<std::int64_t> row_major_strides(const shape& extents) {
  std::vector<std::int64_t> strides(extents.size());
  std::int64_t stride = 1;
  for (std::size_t axis = extents.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= extents[axis];
  }
  return strides;
}

} // namespace sonic::workload
