// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/time_attribution.h"

#include <catch2/catch.hpp>

#include <array>
#include <random>
#include <vector>

using sonic::core::time_attribution;
using sonic::core::time_by_cause;

TEST_CASE("time belongs to light first, then to post-processing, then to memory") {
  time_attribution a;
  a.add_dma(0, 40);
  a.add_light({30, 90, 20, 0, 0});
  a.add_post_processing(85, 110);
  a.add_dma(100, 130);
  const auto found = a.take(0, 150);
  CHECK(found.retune_ps == 20);
  CHECK(found.convert_ps == 40);
  CHECK(found.post_processing_ps == 20);
  CHECK(found.dma_ps == 30 + 20);
  CHECK(found.idle_ps == 20);
  CHECK(found.total_ps() == 150);
}

TEST_CASE("what one layer collected is not counted for the next") {
  time_attribution a;
  a.add_light({0, 10, 0, 0, 0});
  a.add_dma(10, 20);
  a.add_post_processing(10, 20);
  a.take(0, 20);
  CHECK(a.take(20, 30).idle_ps == 10);
}

TEST_CASE("a unit's waiting is taken off its conversion") {
  time_attribution a;
  a.add_light({0, 100, 20, 30, 5});
  a.add_light({90, 120, 0, 0, 0});
  const auto found = a.take(0, 120);
  CHECK(found.partial_sums_ps == 5);
  CHECK(found.operand_supply_ps == 30);
  CHECK(found.retune_ps == 20);
  CHECK(found.convert_ps == 65);
}

TEST_CASE("tiles that queue for a buffer wait for the rest of its time") {
  // Each has 10 ps of conversion and 25 ps of operands: the second unit begins at 10 and ends at 50.
  time_attribution a;
  a.add_light({0, 25, 0, 15, 0});
  a.add_light({10, 50, 0, 30, 0});
  const auto found = a.take(0, 50);
  CHECK(found.convert_ps == 20);
  CHECK(found.operand_supply_ps == 30);
}

TEST_CASE("random activity against a count of every picosecond") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    constexpr std::uint64_t most = 300;
    const auto number = [&](std::uint64_t below) { return random() % below; };
    const std::uint64_t begin = number(50);
    const std::uint64_t end = begin + number(most - begin);
    // 3 light, 2 post-processing, 1 memory, 0 nothing
    std::array<int, most> cause{};
    time_attribution a;
    for (int round = 0; round < 1 + static_cast<int>(number(12)); ++round) {
      const int kind = 1 + static_cast<int>(number(3));
      const std::uint64_t from = number(most);
      const std::uint64_t to = from + number(most - from);
      for (std::uint64_t t = from; t < to; ++t) {
        cause[t] = std::max(cause[t], kind);
      }
      if (kind == 3) {
        a.add_light({from, to, 0, 0, 0});
      } else if (kind == 2) {
        a.add_post_processing(from, to);
      } else {
        a.add_dma(from, to);
      }
    }
    std::array<std::uint64_t, 4> expected{};
    for (std::uint64_t t = begin; t < end; ++t) {
      ++expected[static_cast<std::size_t>(cause[t])];
    }
    const auto found = a.take(begin, end);
    CHECK(found.convert_ps == expected[3]);
    CHECK(found.post_processing_ps == expected[2]);
    CHECK(found.dma_ps == expected[1]);
    CHECK(found.idle_ps == expected[0]);
    CHECK(found.total_ps() == end - begin);
  }
}

TEST_CASE("sums of causes") {
  time_by_cause a{1, 2, 3, 4, 5, 6, 7};
  a += time_by_cause{10, 20, 30, 40, 50, 60, 70};
  CHECK(a == time_by_cause{11, 22, 33, 44, 55, 66, 77});
  CHECK(a.total_ps() == 308);
}
