// SPDX-License-Identifier: Apache-2.0
// Synthetic images: from 0 to 1, smooth, decided by the seed alone.
#include "tb/workload/synthetic_images.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using sonic::workload::synthetic_images;

TEST_CASE("synthetic images are decided by their seed and their place", "[synthetic]") {
  const auto three = synthetic_images({1, 3, 32, 24}, 3, 7);
  const auto two = synthetic_images({1, 3, 32, 24}, 2, 7);
  CHECK(three.extents == sonic::workload::shape{3, 3, 32, 24});
  REQUIRE(two.values.size() == 2U * 3U * 32U * 24U);
  CHECK(std::equal(two.values.begin(), two.values.end(), three.values.begin()));
  CHECK(synthetic_images({1, 3, 32, 24}, 2, 7).values == two.values);
  CHECK(synthetic_images({1, 3, 32, 24}, 2, 8).values != two.values);
}

TEST_CASE("every plane spans 0 to 1 and changes slowly", "[synthetic]") {
  constexpr std::size_t height = 32, width = 32, plane = height * width;
  const auto images = synthetic_images({1, 3, height, width}, 20, 1);
  double worst = 0.0;
  for (std::size_t first = 0; first < images.values.size(); first += plane) {
    const auto* pixel = images.values.data() + first;
    CHECK(*std::min_element(pixel, pixel + plane) == 0.0F);
    CHECK(*std::max_element(pixel, pixel + plane) == 1.0F);
    for (std::size_t i = 0; i < plane; ++i) {
      if (i % width != 0) {
        worst = std::max(worst, static_cast<double>(std::abs(pixel[i] - pixel[i - 1])));
      }
    }
    CHECK((first == 0 || !std::equal(pixel, pixel + plane, images.values.data())));
  }
  CAPTURE(worst);
  // Waves of at most four periods: 2 pi 4 / 32 of the largest amplitude from one pixel to the next, over a span that
  // is no less than that amplitude.
  CHECK(worst < 2.0 * 3.1416 * 4.0 / 32.0);
}

TEST_CASE("any shape has synthetic images", "[synthetic]") {
  CHECK(synthetic_images({}, 1, 1).values.size() == 1);
  CHECK(synthetic_images({1}, 4, 1).values.size() == 4);
  CHECK(synthetic_images({1, 10}, 2, 1).extents == sonic::workload::shape{2, 10});
  CHECK(synthetic_images({1, 1, 1, 1}, 2, 1).values.front() == 0.5F);
}
