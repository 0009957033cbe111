// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/pareto.h"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using sonic::explore::pareto_front;

TEST_CASE("the front is what no other design covers") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const std::size_t objectives = 1 + random() % 4;
    std::vector<std::vector<double>> points(1 + random() % 60);
    pareto_front front;
    for (std::size_t i = 0; i < points.size(); ++i) {
      for (std::size_t k = 0; k < objectives; ++k) {
        points[i].push_back(static_cast<double>(random() % 6)); // few values, so that some are equal
      }
      front.offer(i, points[i]);
    }
    std::set<std::uint64_t> right;
    for (std::size_t i = 0; i < points.size(); ++i) {
      bool covered = false;
      for (std::size_t j = 0; j < points.size(); ++j) {
        bool as_good = true;
        bool better = false;
        for (std::size_t k = 0; k < objectives; ++k) {
          as_good = as_good && points[j][k] <= points[i][k];
          better = better || points[j][k] < points[i][k];
        }
        covered = covered || (as_good && (better || j < i)); // of equal ones the first stays
      }
      if (!covered) {
        right.insert(i);
      }
    }
    std::set<std::uint64_t> found;
    for (const auto& member : front.sorted()) {
      found.insert(member.number);
      CHECK(member.values == points[member.number]);
    }
    REQUIRE(found == right);
  }
}
