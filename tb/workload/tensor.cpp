// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/tensor.h"

#include "sonic/core/error.h"

#include <algorithm>

namespace sonic::workload {

std::int64_t element_count(const shape& extents, const std::string& what) {
  std::int64_t count = 1;
  for (const std::int64_t extent : extents) {
    if (extent < 1) {
      throw core::user_error(what, "its shape " + to_string(extents) + " has the extent " + std::to_string(extent),
                             "every extent must be at least 1");
    }
    if (extent > max_elements / count) {
      throw core::user_error(what, "its shape " + to_string(extents) + " is too large",
                             "at most " + std::to_string(max_elements) + " elements are supported");
    }
    count *= extent;
  }
  return count;
}

std::string to_string(const shape& extents) {
  if (extents.empty()) {
    return "scalar";
  }
  std::string text;
  for (const std::int64_t extent : extents) {
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  }
  return text;
}

std::pair<float, float> range_of(const tensor& data) {
  if (data.values.empty()) {
    return {0.0F, 0.0F};
  }
  const auto [low, high] = std::minmax_element(data.values.begin(), data.values.end());
  return {*low, *high};
}

} // namespace sonic::workload
