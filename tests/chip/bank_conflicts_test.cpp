// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/bank_conflicts.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>
#include <random>
#include <vector>

using sonic::plan::words_per_cycle;

TEST_CASE("one port: banks x (1 - (1 - 1 / banks)^requesters)") {
  for (const double banks : {1.0, 2.0, 8.0, 64.0}) {
    for (const double requesters : {1.0, 5.0, 250.0}) {
      const double expected = banks * (1 - std::pow(1 - 1 / banks, requesters));
      CHECK(words_per_cycle(static_cast<std::uint64_t>(banks), 1, static_cast<std::uint64_t>(requesters)) ==
            Approx(expected).epsilon(1e-12));
    }
  }
}

TEST_CASE("few requesters never get more than they ask for, many never more than there is") {
  CHECK(words_per_cycle(8, 1, 1) == Approx(1.0));
  CHECK(words_per_cycle(8, 2, 2) == Approx(2.0));
  CHECK(words_per_cycle(1, 4, 3) == 3.0);
  CHECK(words_per_cycle(1, 2, 3) == 2.0);
  CHECK(words_per_cycle(4, 3, 100000) == Approx(12.0).epsilon(1e-9));
  CHECK(words_per_cycle(8, 1, 0) == Approx(0.0).margin(1e-12));
}

TEST_CASE("the mean of drawn requests") {
  std::mt19937_64 random(11);
  for (const std::uint64_t banks : {3U, 8U}) {
    for (const std::uint64_t ports : {1U, 2U, 3U}) {
      for (const std::uint64_t requesters : {4U, 20U}) {
        constexpr int cycles = 200000;
        std::uint64_t served = 0;
        for (int c = 0; c < cycles; ++c) {
          std::vector<std::uint64_t> asked(banks);
          for (std::uint64_t r = 0; r < requesters; ++r) {
            ++asked[random() % banks];
          }
          for (const auto a : asked) {
            served += std::min(a, ports);
          }
        }
        const double mean = static_cast<double>(served) / cycles;
        // Five standard deviations of the mean; a cycle's count has a variance below that of the requests, banks.
        const double bound = 5 * std::sqrt(static_cast<double>(banks) / cycles);
        const double expected = words_per_cycle(banks, ports, requesters);
        std::cout << banks << " banks, " << ports << " ports, " << requesters << " requesters: " << expected
                  << ", drawn " << mean << "\n";
        CHECK(std::abs(mean - expected) < bound);
      }
    }
  }
}
