// SPDX-License-Identifier: Apache-2.0
// Cycles of accumulators: by hand, and at random against words counted one by one.
#include "sonic/digital/accumulators.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <random>

using namespace sonic::digital;

TEST_CASE("cycles of accumulators by hand") {
  CHECK(accumulator_cycles(0, 0, 8) == 0);
  CHECK(accumulator_cycles(0, 8, 8) == 1);
  CHECK(accumulator_cycles(7, 2, 8) == 2);
  CHECK(accumulator_cycles(3, 30, 1) == 30);
  accumulators adders({8, 2, nullptr});
  adders.count_added(0, 24, 10); // words 0, 1, 2: two of accumulator 0, one of accumulator 1
  auto taken = adders.take_cycles();
  CHECK(taken.most == 20);
  CHECK(taken.sum == 30);
  taken = adders.take_cycles();
  CHECK(taken.most == 0);
  CHECK(taken.sum == 0);
}

TEST_CASE("random ranges: the busiest accumulator has the most words") {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    const auto lanes = static_cast<std::uint32_t>(1 + random() % 16),
               count = static_cast<std::uint32_t>(1 + random() % 9);
    accumulators adders({lanes, count, nullptr});
    std::vector<std::uint64_t> words(count);
    for (int call = 0; call < 20; ++call) {
      const std::uint64_t first = random() % 500, sums = random() % 200, blocks = 1 + random() % 3;
      const auto kind = random() % 3;
      if (kind == 0) {
        adders.clear(first, sums);
      } else if (kind == 1) {
        std::vector<std::int32_t> unread(sums);
        adders.read(first, unread);
      } else {
        adders.count_added(first, sums, blocks);
      }
      std::uint64_t past = ~std::uint64_t{0};
      for (std::uint64_t i = first; i < first + sums; ++i) {
        if (i / lanes != past) {
          past = i / lanes;
          words[past % count] += kind == 2 ? blocks : 1;
        }
      }
    }
    CAPTURE(round, lanes, count);
    const auto taken = adders.take_cycles();
    CHECK(taken.most == *std::max_element(words.begin(), words.end()));
    CHECK(taken.sum == std::accumulate(words.begin(), words.end(), std::uint64_t{0}));
  }
}

TEST_CASE("cycles of a slower twin are shared as the words are") {
  struct slow : accumulator_block {
    std::optional<std::uint64_t> clear(std::uint64_t, std::uint64_t) override { return 0; }
    std::optional<std::uint64_t> add(std::uint64_t first, std::span<const std::int32_t> codes) override {
      return 3 * accumulator_cycles(first, codes.size(), 4);
    }
    std::optional<std::uint64_t> read(std::uint64_t, std::span<std::int32_t>) override { return {}; }
  };
  slow twin;
  accumulators adders({4, 2, &twin});
  adders.add(0, std::vector<std::int32_t>(12)); // three words: two and one
  const auto taken = adders.take_cycles();
  CHECK(taken.most == 6);
  CHECK(taken.sum == 9);
  CHECK(!adders.gave_up());
  adders.read(0, {});
  CHECK(adders.gave_up());
}
