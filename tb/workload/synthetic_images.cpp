// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/synthetic_images.h"

#include "sonic/physics/counter_random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace sonic::workload {

namespace {

/// One plane wave: periods along each axis of the image, phase in periods, and weight.
struct wave {
  double rows, columns, phase, weight;
};

constexpr std::size_t waves = 8;

std::array<wave, waves> waves_of(std::uint64_t seed, std::uint64_t plane) {
  constexpr double word = 4294967296.0;
  constexpr double most_periods = 4.0;
  std::array<wave, waves> drawn;
  for (std::size_t i = 0; i < waves; ++i) {
    const auto bits = physics::uniform_words(seed, plane, i);
    const auto unit = [&](std::size_t index) { return static_cast<double>(bits.at(index)) / word; };
    const double rows = (2.0 * unit(0) - 1.0) * most_periods;
    const double columns = (2.0 * unit(1) - 1.0) * most_periods;
    // As in pictures, what changes slowly is the stronger part.
    drawn.at(i) = {rows, columns, unit(2), (0.5 + unit(3)) / (1.0 + rows * rows + columns * columns)};
  }
  return drawn;
}

} // namespace

tensor synthetic_images(const shape& one, std::int64_t count, std::uint64_t seed) {
  tensor images{one, {}};
  if (images.extents.empty()) {
    images.values.assign(1, 0.5F);
    return images;
  }
  images.extents.front() *= count;
  const std::int64_t width = one.back();
  const std::int64_t height = one.size() > 2 ? one[one.size() - 2] : 1;
  const auto elements = static_cast<std::size_t>(element_count(images.extents, "synthetic images"));
  images.values.resize(elements);
  const auto plane = static_cast<std::size_t>(width * height);
  for (std::size_t first = 0; first < elements; first += plane) {
    const auto drawn = waves_of(seed, first / plane);
    const std::size_t end = std::min(first + plane, elements);
    for (std::size_t i = first; i < end; ++i) {
      const std::size_t row = (i - first) / static_cast<std::size_t>(width);
      const std::size_t column = (i - first) % static_cast<std::size_t>(width);
      const double down = static_cast<double>(row) / static_cast<double>(height);
      const double across = static_cast<double>(column) / static_cast<double>(width);
      double sum = 0.0;
      for (const auto& w : drawn) {
        sum += w.weight * std::cos(2.0 * std::numbers::pi * (w.rows * down + w.columns * across + w.phase));
      }
      images.values[i] = static_cast<float>(sum);
    }
    const auto begin = images.values.begin() + static_cast<std::ptrdiff_t>(first);
    const auto last = images.values.begin() + static_cast<std::ptrdiff_t>(end);
    const auto [low, high] = std::minmax_element(begin, last);
    const float least = *low;
    const float span = *high - least;
    std::transform(begin, last, begin,
                   [&](float v) { return span > 0.0F ? std::clamp((v - least) / span, 0.0F, 1.0F) : 0.5F; });
  }
  return images;
}

} // namespace sonic::workload
