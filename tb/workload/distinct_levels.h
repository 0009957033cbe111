// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sonic::workload {

/// Values that are few enough to be levels of their own.
struct distinct_levels {
  std::vector<float> levels;       ///< the distinct non-zero values, ascending
  std::vector<std::int16_t> codes; ///< index of each value's level, -1 for zero
};

/// Finds the distinct values and numbers them.
/// @param values finite
/// @param most   levels, at most 2^15
/// @return nothing if there are more
std::optional<distinct_levels> number_levels(const std::vector<float>& values, std::size_t most);

} // namespace sonic::workload
