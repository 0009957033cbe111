// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/codes.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cmath>

namespace sonic::workload {

quantisation quantise_range(const value_range& range, int bits, const std::string& name) {
  if (!std::isfinite(range.minimum) || !std::isfinite(range.maximum) || range.minimum > range.maximum) {
    throw core::user_error("tensor " + name,
                           "its range is " + std::to_string(range.minimum) + " to " + std::to_string(range.maximum),
                           "expected two finite numbers in ascending order");
  }
  const double low = std::min(range.minimum, 0.0);
  const double high = std::max(range.maximum, 0.0);
  const double width = high - low;
  if (width == 0.0) {
    return {};
  }
  // Below the smallest normal float, quotients of scales lose their meaning.
  constexpr double smallest_scale = 1e-37;
  const double scale = std::max(width / static_cast<double>((1 << bits) - 1), smallest_scale);
  return {scale, low == 0.0 ? 0 : static_cast<std::int32_t>(std::nearbyint(-low / scale))};
}

std::uint16_t encode(double real, const quantisation& q, int bits) {
  const double code = std::nearbyint(real / q.scale) + q.zero_point;
  const auto largest = static_cast<double>((1 << bits) - 1);
  return code > 0.0 ? static_cast<std::uint16_t>(std::min(code, largest)) : std::uint16_t{0};
}

std::vector<std::uint16_t> encode(const tensor& reals, const slot& s, int bits) {
  std::vector<std::uint16_t> codes(reals.values.size());
  const quantisation q{s.scale, s.zero_point};
  std::transform(reals.values.begin(), reals.values.end(), codes.begin(),
                 [&](float real) { return encode(static_cast<double>(real), q, bits); });
  return codes;
}

tensor decode(const std::vector<std::uint16_t>& codes, const slot& s, const shape& extents) {
  tensor reals{extents, std::vector<float>(codes.size())};
  std::transform(codes.begin(), codes.end(), reals.values.begin(), [&](std::uint16_t code) {
    return static_cast<float>(s.scale * static_cast<double>(std::int32_t{code} - s.zero_point));
  });
  return reals;
}

} // namespace sonic::workload
