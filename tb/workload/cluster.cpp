// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/cluster.h"

#include "sonic/core/error.h"
#include "tb/workload/distinct_levels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <utility>

namespace sonic::workload {

namespace {

/// Calls visit(index of a weight, its channel) for all weights, in order.
template <class visitor>
void each_weight(std::size_t weights, std::size_t channels, bool channel_is_row, const visitor& visit) {
  const std::size_t columns = channel_is_row ? weights / channels : channels;
  for (std::size_t first = 0, row = 0; first < weights; first += columns, ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      visit(first + column, channel_is_row ? row : column);
    }
  }
}

std::vector<float> normalise(const std::vector<float>& weights, bool channel_is_row, const std::vector<double>& scale) {
  std::vector<float> normal(weights.size());
  each_weight(weights.size(), scale.size(), channel_is_row, [&](std::size_t i, std::size_t channel) {
    normal[i] = static_cast<float>(static_cast<double>(weights[i]) / scale[channel]);
  });
  return normal;
}

/// The largest magnitude in each channel.
std::vector<double> largest_magnitudes(const std::vector<float>& weights, std::size_t channels, bool channel_is_row,
                                       const std::string& name) {
  // The bits of floats without sign are in the order of their magnitudes, and compare many at a time.
  std::vector<std::uint32_t> largest(channels, 0);
  each_weight(weights.size(), channels, channel_is_row, [&](std::size_t i, std::size_t channel) {
    largest[channel] = std::max(largest[channel], std::bit_cast<std::uint32_t>(weights[i]) & 0x7FFFFFFFU);
  });
  std::vector<double> magnitudes;
  for (const std::uint32_t bits : largest) {
    const auto magnitude = std::bit_cast<float>(bits);
    if (!std::isfinite(magnitude)) {
      throw core::user_error(name, "a weight is infinite or no number", "expected finite weights");
    }
    magnitudes.push_back(static_cast<double>(magnitude));
  }
  return magnitudes;
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

/// Sums of the first values of a list, each as adding one value after the other gives it. All of them would take twice
/// the memory of the list, so some are kept and the others are added up from there.
class running_sums {
public:
  /// @param values outlive this object
  explicit running_sums(const std::vector<float>& values) : values_(values) {
    for (std::size_t i = 0; i <= values.size(); i += stride) {
      kept_.push_back(i == 0 ? 0.0 : add(kept_.back(), i - stride, i));
    }
  }

  [[nodiscard]] double of_first(std::size_t count) const {
    return add(kept_[count / stride], count / stride * stride, count);
  }

private:
  static constexpr std::size_t stride = 256;

  [[nodiscard]] double add(double sum, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      sum += static_cast<double>(values_[i]);
    }
    return sum;
  }

  const std::vector<float>& values_;
  std::vector<double> kept_; ///< of each stride-th
};

/// Levels of more distinct values than there are levels.
std::vector<float> cluster_levels(std::vector<float> sorted, std::size_t count) {
  constexpr int most_iterations = 300;
  std::erase(sorted, 0.0F);
  std::sort(sorted.begin(), sorted.end());
  const running_sums sums(sorted);
  const auto mean = [&](std::size_t begin, std::size_t end) {
    return (sums.of_first(end) - sums.of_first(begin)) / static_cast<double>(end - begin);
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
  auto largest = largest_magnitudes(weights, channels, channel_is_row, name);
  const double of_layer = *std::max_element(largest.begin(), largest.end());
  std::replace(largest.begin(), largest.end(), 0.0, 1.0);

  const std::size_t count = std::size_t{1} << bits;
  shared_weights shared;
  shared.channel_scale.assign(channels, of_layer > 0.0 ? of_layer : 1.0);
  auto exact = number_levels(normalise(weights, channel_is_row, shared.channel_scale), count);
  if (!exact) {
    shared.channel_scale = std::move(largest);
    auto normal = normalise(weights, channel_is_row, shared.channel_scale);
    exact = number_levels(normal, count);
    if (!exact) {
      // Sorts them in place, and they are made again: of the largest layers, two copies would be too many.
      shared.codebook = cluster_levels(std::move(normal), count);
      normal = normalise(weights, channel_is_row, shared.channel_scale);
      shared.codes.resize(weights.size());
      std::transform(normal.begin(), normal.end(), shared.codes.begin(),
                     [&](float value) { return value == 0.0F ? std::int16_t{-1} : nearest(shared.codebook, value); });
      return shared;
    }
  }
  shared.codebook = std::move(exact->levels);
  shared.codes = std::move(exact->codes);
  return shared;
}

} // namespace sonic::workload
