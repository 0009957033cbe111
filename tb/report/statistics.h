// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sonic::report {

/// How a figure spreads over the frames of a run.
struct distribution {
  double mean = 0.0;
  double deviation = 0.0; ///< standard deviation of the frames, divided by their number
  double least = 0.0, most = 0.0;
  std::array<double, 5> percentiles{}; ///< at percentile_points, interpolated linearly between the nearest frames
};

inline constexpr std::array<int, 5> percentile_points{5, 25, 50, 75, 95};

/// All zero for no values.
distribution distribution_of(std::vector<double> values);

struct interval {
  double low = 0.0, high = 0.0;
};

/// Where the true probability lies with 95 % confidence if @p hits of @p trials succeeded: Wilson's score interval
/// (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, p. 209), which holds near 0 and 1 too. [0, 1] without trials.
interval confidence_interval(std::uint64_t hits, std::uint64_t trials);

} // namespace sonic::report
