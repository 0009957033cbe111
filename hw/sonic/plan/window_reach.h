// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace sonic::plan {

/// Of positions along an axis, one behind the other: numbers [begin, end).
struct reach {
  std::int64_t begin, end;
};

/// Of @p count positions, the first one at @p first and @p apart from one to the next, those in [low, high).
constexpr reach positions_inside(std::int64_t first, std::int64_t apart, std::int64_t count, std::int64_t low,
                                 std::int64_t high) {
  const auto below = [=](std::int64_t bound) {
    const std::int64_t distance = bound - first;
    return distance <= 0 ? std::int64_t{0} : (distance + apart - 1) / apart;
  };
  const std::int64_t begin = std::min(below(low), count);
  return {begin, std::clamp(below(high), begin, count)};
}

} // namespace sonic::plan
