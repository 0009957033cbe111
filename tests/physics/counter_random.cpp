// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/counter_random.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace sonic {

TEST_CASE("philox gives the known answers that its authors publish") {
  using block = std::array<std::uint32_t, 4>;
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(physics::philox_4x32({0, 0, 0, 0}, {0, 0}) == block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(physics::philox_4x32({ones, ones, ones, ones}, {ones, ones}) ==
        block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(physics::philox_4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a deviate depends on its address alone") {
  const std::uint64_t stream = physics::stream_of(physics::random_purpose::receiver, 7);
  std::vector<double> forward(101), backward(101);
  physics::fill_normal(5, stream, 0, forward);
  for (std::size_t i = backward.size(); i-- > 0;) {
    backward[i] = physics::normal(5, stream, i);
  }
  CHECK(forward == backward);
  for (const std::size_t first : {1U, 2U, 37U}) { // pieces, from odd and even places, of odd and even length
    for (const std::size_t length : {0U, 1U, 2U, 5U, 50U}) {
      std::vector<double> piece(length);
      physics::fill_normal(5, stream, first, piece);
      CHECK(std::equal(piece.begin(), piece.end(), forward.begin() + static_cast<std::ptrdiff_t>(first)));
    }
  }
  CHECK(physics::normal(6, stream, 3) != forward[3]);
  CHECK(physics::normal(5, stream + 1, 3) != forward[3]);
  CHECK(physics::stream_of(physics::random_purpose::adc, 7) != stream);
  CHECK(std::isfinite(physics::normal(~0ULL, ~0ULL, ~0ULL)));
}

TEST_CASE("deviates are normal and do not know of one another") {
  constexpr std::size_t count = 1U << 18U;
  std::vector<double> a(count), b(count);
  physics::fill_normal(1, 1, 0, a);
  physics::fill_normal(1, 2, 0, b);
  double mean = 0.0, variance = 0.0, skewness = 0.0, kurtosis = 0.0, neighbours = 0.0, streams = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    mean += a[i] / count;
    variance += a[i] * a[i] / count;
    skewness += std::pow(a[i], 3) / count;
    kurtosis += std::pow(a[i], 4) / count;
    neighbours += i == 0 ? 0.0 : a[i] * a[i - 1] / count;
    streams += a[i] * b[i] / count;
  }
  // Kolmogorov and Smirnov: the distance of the distributions exceeds 1.95 / sqrt(n) once in a thousand.
  std::sort(a.begin(), a.end());
  double distance = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double below = std::erfc(-a[i] / std::sqrt(2.0)) / 2.0;
    distance = std::max({distance, std::abs(below - static_cast<double>(i) / count),
                         std::abs(below - static_cast<double>(i + 1) / count)});
  }
  const double root = std::sqrt(static_cast<double>(count));
  WARN("mean " << mean << ", variance " << variance << ", skewness " << skewness << ", kurtosis " << kurtosis
               << ", neighbours " << neighbours << ", streams " << streams << ", distance x sqrt(n) "
               << distance * root);
  // Four deviations of each estimate: 1, sqrt 2, sqrt 15, sqrt 96, 1, 1 over sqrt(n).
  CHECK(std::abs(mean) < 4.0 / root);
  CHECK(std::abs(variance - 1.0) < 4.0 * std::sqrt(2.0) / root);
  CHECK(std::abs(skewness) < 4.0 * std::sqrt(15.0) / root);
  CHECK(std::abs(kurtosis - 3.0) < 4.0 * std::sqrt(96.0) / root);
  CHECK(std::abs(neighbours) < 4.0 / root);
  CHECK(std::abs(streams) < 4.0 / root);
  CHECK(distance * root < 1.95);
}

} // namespace sonic
