// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/estimate/chip_plan.h"

#include <cstdint>
#include <vector>

namespace sonic::estimate {

/// Of post-processors whose cycles are counted, for one step.
struct post_count {
  std::uint64_t most = 0; ///< of the busiest
  std::uint64_t last = 0; ///< of the last channel alone
  std::uint64_t sum = 0;  ///< of all of them
};

/// By step of a layer.
/// @param lanes elements that one takes in a cycle
/// @param count of them, at least 1
std::vector<post_count> post_counts_of(const planned_layer& layer, std::uint32_t lanes, std::uint32_t count);

} // namespace sonic::estimate
