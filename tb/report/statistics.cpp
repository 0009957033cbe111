// SPDX-License-Identifier: Apache-2.0
#include "tb/report/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace sonic::report {

namespace {

/// Of the standard normal distribution, 97.5 % of which lie below it.
constexpr double normal_quantile = 1.959963984540054;

double at_percentile(const std::vector<double>& sorted, double percent) {
  const double position = percent / 100.0 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

} // namespace

distribution distribution_of(std::vector<double> values) {
  distribution d;
  if (values.empty()) {
    return d;
  }
  const auto count = static_cast<double>(values.size());
  d.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0.0;
  for (const double v : values) {
    squares += (v - d.mean) * (v - d.mean);
  }
  d.deviation = std::sqrt(squares / count);
  std::sort(values.begin(), values.end());
  d.least = values.front();
  d.most = values.back();
  for (std::size_t i = 0; i < percentile_points.size(); ++i) {
    d.percentiles[i] = at_percentile(values, percentile_points[i]);
  }
  return d;
}

interval confidence_interval(std::uint64_t hits, std::uint64_t trials) {
  if (trials == 0) {
    return {0.0, 1.0};
  }
  const auto n = static_cast<double>(trials);
  const double rate = static_cast<double>(hits) / n;
  const double square = normal_quantile * normal_quantile / n;
  const double centre = (rate + square / 2.0) / (1.0 + square);
  const double half = normal_quantile / (1.0 + square) * std::sqrt(rate * (1.0 - rate) / n + square / (4.0 * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

} // namespace sonic::report
