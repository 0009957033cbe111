// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/cluster.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace sonic::workload {

namespace {

/// Which channel a weight belongs to, by its index.
struct channel_map {
  std::size_t channels, inner; // weights per channel if channels are rows
  bool rows;
  [[nodiscard]] std::size_t operator()(std::size_t index) const { return rows ? index / inner : index % channels; }
};

std::vector<float> normalise(const std::vector<float>& weights, const channel_map& channel_of,
                             const std::vector<double>& scale) {
  std::vector<float> normal(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    normal[i] = static_cast<float>(static_cast<double>(weights[i]) / scale[channel_of(i)]);
  }
  return normal;
}

/// The distinct non-zero values, ascending, unless there are more than @p most.
std::optional<std::vector<float>> distinct_values(const std::vector<float>& values, std::size_t most) {
  std::set<float> seen;
  for (const float v : values) {
    if (v != 0.0F && seen.insert(v).second && seen.size() > most) {
      return std::nullopt;
    }
  }
  return std::vector<float>(seen.begin(), seen.end());
}

/// Ends of the runs of sorted values that are nearest to each centroid; a tie goes to the lower centroid.
std::vector<std::size_t> run_ends(const std::vector<float>& sorted, const std::vector<double>& centroids) {
  std::vector<std::size_t> ends;
  for (std::size_t k = 0; k + 1 < centroids.size(); ++k) {
    const double middle = 0.5 * (centroids[k] + centroids[k + 1]);
    const auto end = std::upper_bound(sorted.begin(), sorted.end(), middle,
                                      [](double m, float v) { return m < static_cast<double>(v); });
    ends.push_back(static_cast<std::size_t>(end - sorted.begin()));
  }
  ends.push_back(sorted.size());
  return ends;
}

/// Levels of more distinct values than there are levels.
std::vector<float> cluster_levels(std::vector<float> sorted, std::size_t count) {
  constexpr int most_iterations = 300;
  std::erase(sorted, 0.0F);
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> sums(sorted.size() + 1, 0.0);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sums[i + 1] = sums[i] + static_cast<double>(sorted[i]);
  }
  const auto mean = [&](std::size_t begin, std::size_t end) {
    return (sums[end] - sums[begin]) / static_cast<double>(end - begin);
  };
  std::vector<double> centroids;
  for (std::size_t k = 0; k < count; ++k) {
    centroids.push_back(mean(k * sorted.size() / count, (k + 1) * sorted.size() / count));
  }
  std::vector<std::size_t> ends;
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    auto next = run_ends(sorted, centroids);
    if (next == ends) {
      break;
    }
    ends = std::move(next);
    for (std::size_t k = 0, begin = 0; k < centroids.size(); begin = ends[k], ++k) {
      if (ends[k] > begin) {
        centroids[k] = mean(begin, ends[k]);
      }
    }
  }
  std::set<float> levels;
  for (std::size_t k = 0, begin = 0; k < centroids.size(); begin = ends[k], ++k) {
    if (ends[k] > begin) {
      const auto level = static_cast<float>(std::clamp(centroids[k], -1.0, 1.0));
      levels.insert(level != 0.0F ? level : sorted[begin]); // a level is never zero: zeros are not stored
    }
  }
  return {levels.begin(), levels.end()};
}

std::int16_t nearest(const std::vector<float>& levels, float value) {
  auto above = std::lower_bound(levels.begin(), levels.end(), value);
  if (above == levels.end() ||
      (above != levels.begin() && static_cast<double>(value) - static_cast<double>(above[-1]) <=
                                      static_cast<double>(*above) - static_cast<double>(value))) {
    --above;
  }
  return static_cast<std::int16_t>(above - levels.begin());
}

} // namespace

shared_weights share_weights(const std::vector<float>& weights, std::size_t channels, bool channel_is_row, int bits,
                             const std::string& name) {
  const channel_map channel_of{channels, weights.size() / channels, channel_is_row};
  std::vector<double> largest(channels, 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!std::isfinite(weights[i])) {
      throw core::user_error(name, "a weight is infinite or no number", "expected finite weights");
    }
    double& of_channel = largest[channel_of(i)];
    of_channel = std::max(of_channel, std::abs(static_cast<double>(weights[i])));
  }
  const double of_layer = *std::max_element(largest.begin(), largest.end());
  std::replace(largest.begin(), largest.end(), 0.0, 1.0);

  const std::size_t count = std::size_t{1} << bits;
  shared_weights shared;
  shared.channel_scale.assign(channels, of_layer > 0.0 ? of_layer : 1.0);
  auto normal = normalise(weights, channel_of, shared.channel_scale);
  if (auto exact = distinct_values(normal, count)) {
    shared.codebook = std::move(*exact);
  } else {
    shared.channel_scale = largest;
    normal = normalise(weights, channel_of, shared.channel_scale);
    exact = distinct_values(normal, count);
    shared.codebook = exact ? std::move(*exact) : cluster_levels(normal, count);
  }
  shared.codes.resize(weights.size());
  std::transform(normal.begin(), normal.end(), shared.codes.begin(),
                 [&](float value) { return value == 0.0F ? std::int16_t{-1} : nearest(shared.codebook, value); });
  return shared;
}

} // namespace sonic::workload
