// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/workload/cluster.h"
#include "tb/workload/distinct_levels.h"
#include "tests/support/graph_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <catch2/catch.hpp>

using namespace sonic::workload;

namespace {

double restored(const shared_weights& shared, std::size_t index, std::size_t channel) {
  const std::int16_t code = shared.codes[index];
  return code < 0
             ? 0.0
             : shared.channel_scale[channel] * static_cast<double>(shared.codebook[static_cast<std::size_t>(code)]);
}

/// Mean squared distance of sorted values from the nearest of some levels.
double squared_error(const std::vector<double>& values, const std::vector<double>& levels) {
  double sum = 0.0;
  for (const double v : values) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const double level : levels) {
      nearest = std::min(nearest, (v - level) * (v - level));
    }
    sum += nearest;
  }
  return sum / static_cast<double>(values.size());
}

} // namespace

TEST_CASE("numbers: no more distinct weights than levels are kept exactly", "[cluster]") {
  const std::uint64_t seed = 21;
  sonic::tests::random_source random(seed);
  const auto palette = random.tensor({64}, -0.7, 0.7).values;
  std::vector<float> weights(40 * 50);
  for (float& w : weights) {
    w = random.chance(0.5) ? 0.0F : palette[static_cast<std::size_t>(random.integer(0, 63))];
  }
  const std::set<float> distinct(weights.begin(), weights.end());
  const auto shared = share_weights(weights, 50, false, 6, "layer");
  CHECK(shared.codebook.size() == distinct.size() - 1); // zero has no level
  CHECK(std::set<double>(shared.channel_scale.begin(), shared.channel_scale.end()).size() == 1);
  double worst = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CHECK((shared.codes[i] < 0) == (weights[i] == 0.0F));
    worst = std::max(worst, std::abs(restored(shared, i, i % 50) - static_cast<double>(weights[i])));
  }
  const double bound = shared.channel_scale[0] * std::ldexp(1.0, -24); // the level is a rounded quotient
  WARN("largest deviation " << worst << ", bound " << bound);
  CHECK(worst <= bound);
}

TEST_CASE("numbers: levels are non-zero, distinct, within [-1, 1] and no more than 2^bits", "[cluster]") {
  for (const std::uint64_t seed : {22U, 23U, 24U}) {
    sonic::tests::random_source random(seed);
    const int bits = static_cast<int>(random.integer(1, 6));
    const auto weights = random.tensor({30, 70}, -2.0, 1.0, 0.5).values;
    const auto shared = share_weights(weights, 30, true, bits, "layer");
    CAPTURE(seed, bits);
    CHECK(shared.codebook.size() <= std::size_t{1} << bits);
    CHECK(std::is_sorted(shared.codebook.begin(), shared.codebook.end(), std::less_equal<>()));
    CHECK(std::none_of(shared.codebook.begin(), shared.codebook.end(),
                       [](float level) { return level == 0.0F || level < -1.0F || level > 1.0F; }));
  }
}

TEST_CASE("numbers: clustered weights are normalised per output channel and take the nearest level", "[cluster]") {
  sonic::tests::random_source random(25);
  const std::size_t channels = 20;
  const std::size_t inner = 90;
  auto weights = random.tensor({20, 90}, -1.0, 1.0, 0.3).values;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t channel = i / inner;
    weights[i] *= static_cast<float>(1 + channel); // channels of different size
  }
  for (const bool rows : {true, false}) {
    const auto shared = share_weights(weights, rows ? channels : inner, rows, 6, "layer");
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::size_t c = rows ? i / inner : i % inner;
      const double normal = static_cast<double>(weights[i]) / shared.channel_scale[c];
      REQUIRE(std::abs(normal) <= 1.0);
      if (weights[i] != 0.0F) {
        double nearest = 2.0;
        for (const float level : shared.codebook) {
          nearest = std::min(nearest, std::abs(normal - static_cast<double>(level)));
        }
        CHECK(std::abs(restored(shared, i, c) / shared.channel_scale[c] - normal) <= nearest + 1e-7);
      }
    }
  }
}

TEST_CASE("numbers: Lloyd's iterations lower the error of the equal-probability levels, and end at means",
          "[cluster]") {
  const std::size_t count = GENERATE(8000U, 8192U); // the latter a multiple of the stride of the sums that are kept
  sonic::tests::random_source random(26);
  std::vector<float> weights(count);
  for (float& w : weights) { // a sum of uniforms: dense in the middle, thin at the ends
    w = static_cast<float>(random.real(-0.3, 0.3) + random.real(-0.3, 0.3) + random.real(-0.3, 0.3));
  }
  const auto shared = share_weights(weights, 1, true, 5, "layer");
  std::vector<double> sorted(weights.begin(), weights.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> seeds;
  for (std::size_t k = 0; k < 32; ++k) {
    double sum = 0.0;
    for (std::size_t i = k * count / 32; i < (k + 1) * count / 32; ++i) {
      sum += sorted[i];
    }
    seeds.push_back(sum / (static_cast<double>(count) / 32.0));
  }
  std::vector<double> levels;
  std::vector<double> sums(shared.codebook.size(), 0.0);
  std::vector<double> counts(shared.codebook.size(), 0.0);
  for (const float level : shared.codebook) {
    levels.push_back(static_cast<double>(level) * shared.channel_scale[0]);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sums[static_cast<std::size_t>(shared.codes[i])] += static_cast<double>(weights[i]);
    counts[static_cast<std::size_t>(shared.codes[i])] += 1.0;
  }
  for (std::size_t k = 0; k < levels.size(); ++k) {
    CHECK(levels[k] == Approx(sums[k] / counts[k]).margin(1e-6));
  }
  const double before = squared_error(sorted, seeds);
  const double after = squared_error(sorted, levels);
  WARN("mean squared error " << before << " of the first levels, " << after << " at the end");
  CHECK(after < before);
}

TEST_CASE("numbers: a layer of zeros has no level", "[cluster]") {
  const auto shared = share_weights(std::vector<float>(12, 0.0F), 3, true, 6, "layer");
  CHECK(shared.codebook.empty());
  CHECK(shared.codes == std::vector<std::int16_t>(12, -1));
}

TEST_CASE("numbers: a cluster whose mean is zero has no zero level", "[cluster]") {
  // Two levels: the lower half has the mean zero exactly.
  const auto shared = share_weights({-0.01F, 0.01F, 1.0F, 1.0F}, 1, true, 1, "layer");
  REQUIRE(shared.codebook.size() == 2);
  CHECK(shared.codebook[0] != 0.0F);
  CHECK(std::abs(shared.codebook[0]) <= 0.01F);
  CHECK(shared.codebook[1] == 1.0F);
}

TEST_CASE("clustering refuses weights that are no numbers", "[cluster]") {
  CHECK_THROWS_WITH(share_weights({1.0F, std::nanf("")}, 1, true, 6, "node conv1"), Catch::Contains("node conv1"));
  CHECK_THROWS_AS(share_weights({1.0F, std::numeric_limits<float>::infinity()}, 1, true, 6, "x"),
                  sonic::core::user_error);
}

TEST_CASE("distinct values are numbered in ascending order, and zeros of either sign are no level", "[cluster]") {
  const auto found = number_levels({0.5F, -0.0F, -2.0F, 0.5F, 0.0F, 3.0F}, 3);
  REQUIRE(found);
  CHECK(found->levels == std::vector<float>{-2.0F, 0.5F, 3.0F});
  CHECK(found->codes == std::vector<std::int16_t>{1, -1, 0, 1, -1, 2});
  CHECK(!number_levels({0.5F, -2.0F, 3.0F}, 2));
  CHECK(number_levels({0.0F}, 1)->levels.empty());
}

TEST_CASE("as many distinct values as a code can name are numbered, one more is refused", "[cluster]") {
  std::vector<float> values;
  for (int i = 1 << 15; i > 0; --i) {
    values.push_back(static_cast<float>(i));
  }
  const auto found = number_levels(values, values.size());
  REQUIRE(found);
  CHECK(std::is_sorted(found->levels.begin(), found->levels.end()));
  CHECK(found->codes.front() == 32767);
  CHECK(found->codes.back() == 0);
  CHECK(!number_levels(values, values.size() - 1));
}
