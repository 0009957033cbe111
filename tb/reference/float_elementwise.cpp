// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/float_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sonic::reference {

void run(const workload::add&, const tensor& a, const tensor& b, tensor& out) {
  const auto aligned = [&](const tensor& operand) {
    std::vector<std::int64_t> strides = strides_of(operand.extents, true);
    strides.insert(strides.begin(), out.extents.size() - strides.size(), 0);
    return walk(out.extents, strides);
  };
  aligned(a).each([&](std::size_t to, std::size_t from) { out.values[to] = a.values[from]; });
  aligned(b).each([&](std::size_t to, std::size_t from) { out.values[to] += b.values[from]; });
}

void run(const workload::scale_shift& op, const tensor& x, tensor& out) {
  const auto channels = static_cast<std::size_t>(x.extents[1]);
  const auto inner = static_cast<std::size_t>(product(x.extents, 2, x.extents.size()));
  for (std::size_t first = 0; first < x.values.size(); first += inner) {
    const double scale = op.scale[first / inner % channels];
    const double shift = op.shift[first / inner % channels];
    std::transform(x.values.data() + first, x.values.data() + first + inner, out.values.data() + first,
                   [&](float value) { return static_cast<float>(scale * static_cast<double>(value) + shift); });
  }
}

void run(const workload::activation& op, const tensor& x, tensor& out) {
  std::transform(x.values.begin(), x.values.end(), out.values.begin(), [&](float input) {
    const auto value = static_cast<double>(input);
    const double sloped = value < 0.0 ? op.negative_slope * value : value;
    return static_cast<float>(std::min(std::max(sloped, op.minimum), op.maximum));
  });
}

void run(const workload::softmax& op, const tensor& x, tensor& out) {
  const auto first = static_cast<std::size_t>(op.first_axis);
  const auto last = static_cast<std::size_t>(op.last_axis);
  const auto length = static_cast<std::size_t>(product(x.extents, first, last + 1));
  const auto inner = static_cast<std::size_t>(product(x.extents, last + 1, x.extents.size()));
  for (std::size_t start = 0; start < x.values.size(); start += length * inner) {
    for (std::size_t i = start; i < start + inner; ++i) {
      double largest = -std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < length; ++k) {
        largest = std::max(largest, static_cast<double>(x.values[i + k * inner]));
      }
      double sum = 0.0;
      for (std::size_t k = 0; k < length; ++k) {
        sum += std::exp(static_cast<double>(x.values[i + k * inner]) - largest);
      }
      for (std::size_t k = 0; k < length; ++k) {
        const double exponent = static_cast<double>(x.values[i + k * inner]) - largest;
        out.values[i + k * inner] =
            static_cast<float>(op.logarithm ? exponent - std::log(sum) : std::exp(exponent) / sum);
      }
    }
  }
}

} // namespace sonic::reference
