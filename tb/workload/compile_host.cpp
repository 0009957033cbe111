// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile_host.h"

#include <algorithm>
#include <cmath>

namespace sonic::workload {

tensor softmax_of(const tensor& x, const softmax& how) {
  std::size_t length = 1; // of the group that is normalised together
  std::size_t inner = 1;  // distance of its members
  for (std::size_t axis = 0; axis < x.extents.size(); ++axis) {
    const auto extent = static_cast<std::size_t>(x.extents[axis]);
    const auto position = static_cast<std::int64_t>(axis);
    length *= position >= how.first_axis && position <= how.last_axis ? extent : 1;
    inner *= position > how.last_axis ? extent : 1;
  }
  tensor y = x;
  for (std::size_t group = 0; group < x.values.size() / length; ++group) {
    const std::size_t first = group / inner * inner * length + group % inner;
    double largest = static_cast<double>(x.values[first]);
    for (std::size_t i = 1; i < length; ++i) {
      largest = std::max(largest, static_cast<double>(x.values[first + i * inner]));
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < length; ++i) {
      sum += std::exp(static_cast<double>(x.values[first + i * inner]) - largest);
    }
    for (std::size_t i = 0; i < length; ++i) {
      const double shifted = static_cast<double>(x.values[first + i * inner]) - largest;
      y.values[first + i * inner] =
          static_cast<float>(how.logarithm ? shifted - std::log(sum) : std::exp(shifted) / sum);
    }
  }
  return y;
}

} // namespace sonic::workload
