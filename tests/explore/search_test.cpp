// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/search.h"

#include "sonic/core/error.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

using namespace sonic::explore;

namespace {

const admission any = [](const design&) { return true; };

/// Rugged, with the axes bound to one another, and one best design.
double rugged(const design& d) {
  double worth = 0.0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    const double x = static_cast<double>(d[i]) - 3.0 * static_cast<double>(i % 3);
    const double neighbour = static_cast<double>(d[(i + 1) % d.size()]);
    worth += x * x + 2.0 * std::cos(2.0 * x) + 0.05 * x * neighbour;
  }
  return worth + 100.0;
}

/// Counts calls and refuses a design that it saw before.
struct counting {
  std::set<design> seen;
  std::uint64_t repeated = 0;
  judge of(double (*worth)(const design&)) {
    return [this, worth](const design& d) {
      repeated += seen.insert(d).second ? 0U : 1U;
      return worth(d);
    };
  }
};

} // namespace

TEST_CASE("numbers and designs are one another's inverse") {
  const axis_sizes axes{3, 1, 7, 4};
  CHECK(size_of(axes) == 84);
  design d;
  for (std::uint64_t number = 0; number < 84; ++number) {
    set_design(axes, number, d);
    REQUIRE(number_of(axes, d) == number);
  }
  CHECK(number_of(axes, {2, 0, 6, 3}) == 83);
  CHECK(number_of(axes, {0, 0, 0, 1}) == 1); // the last axis is the fastest
  CHECK_THROWS_AS(size_of(axis_sizes(16, 4096)), sonic::core::user_error);
}

TEST_CASE("an exhaustive search judges every admitted design once and finds the best") {
  const axis_sizes axes{5, 6, 7};
  counting calls;
  const admission odd = [](const design& d) { return (d[0] + d[1] + d[2]) % 2 == 1; };
  const auto found = search_all(axes, odd, calls.of(rugged));
  CHECK(found.evaluations == 105);
  CHECK(calls.seen.size() == 105);
  CHECK(calls.repeated == 0);
  double least = 1e300;
  for (std::uint64_t n = 0; n < 210; ++n) {
    design d;
    set_design(axes, n, d);
    least = odd(d) ? std::min(least, rugged(d)) : least;
  }
  CHECK(found.best.worth == least);
  CHECK(rugged(found.best.chosen) == least);
}

TEST_CASE("a random search judges different admitted designs, as many as asked for or as there are") {
  const axis_sizes axes{9, 9, 9};
  const admission even = [](const design& d) { return d[0] % 2 == 0; };
  counting calls;
  const auto found = search_at_random(axes, even, calls.of(rugged), 200, 7);
  CHECK(found.evaluations == 200);
  CHECK(calls.repeated == 0);
  for (const auto& d : calls.seen) {
    CHECK(even(d));
  }
  CHECK(search_at_random(axes, even, rugged, 200, 7).best.chosen == found.best.chosen);
  counting all;
  CHECK(search_at_random(axes, even, all.of(rugged), 10000, 7).evaluations == 5 * 81);
  CHECK(search_at_random(
            axes, [](const design&) { return false; }, rugged, 10, 7)
            .evaluations == 0);
}

TEST_CASE("random designs are spread evenly") {
  // 100 designs, 20,000 draws of one each: chi-squared with 99 degrees of freedom has mean 99 and deviation 14.
  const axis_sizes axes{10, 10};
  std::vector<double> counts(100);
  const auto first_seed = std::random_device{}();
  CAPTURE(first_seed);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto found = search_at_random(
        axes, any, [](const design&) { return 1.0; }, 1, first_seed + i);
    counts[number_of(axes, found.best.chosen)] += 1.0;
  }
  double chi = 0.0;
  for (const double c : counts) {
    chi += (c - 200.0) * (c - 200.0) / 200.0;
  }
  CHECK(chi < 99.0 + 6.0 * 14.1);
}

TEST_CASE("a genetic search never judges a design twice, keeps its best and can be replayed") {
  const axis_sizes axes(8, 8);
  genetic_settings how;
  how.evaluations = 700;
  how.seed = std::random_device{}();
  CAPTURE(how.seed);
  counting calls;
  const auto found = search_genetically(axes, any, calls.of(rugged), how);
  CHECK(found.evaluations == 700);
  CHECK(calls.seen.size() == 700);
  CHECK(calls.repeated == 0);
  double least = 1e300;
  for (const auto& d : calls.seen) {
    least = std::min(least, rugged(d));
  }
  CHECK(found.best.worth == least);
  CHECK(search_genetically(axes, any, rugged, how).best.chosen == found.best.chosen);
}

TEST_CASE("a genetic search ends where nothing is left to judge") {
  genetic_settings how;
  how.evaluations = 100000;
  CHECK(search_genetically({4, 4}, any, rugged, how).evaluations == 16);
  CHECK(search_genetically({1}, any, rugged, how).evaluations == 1);
  const admission none = [](const design&) { return false; };
  CHECK(search_genetically({4, 4}, none, rugged, how).evaluations == 0);
  CHECK(search_genetically({4, 4}, none, rugged, how).best.worth == not_allowed);
  // Designs that are not allowed cost evaluations, and are never the best.
  const judge half = [](const design& d) { return d[0] < 2 ? not_allowed : rugged(d); };
  const auto found = search_genetically({4, 4}, any, half, how);
  CHECK(found.best.chosen.at(0) >= 2);
}

TEST_CASE("a genetic search comes within 2 % of the best of a million designs, a random one does not") {
  const axis_sizes axes(6, 10);
  const double best = search_all(axes, any, rugged).best.worth;
  const auto first_seed = std::random_device{}();
  CAPTURE(first_seed);
  int genetic = 0;
  int random = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    genetic_settings how;
    how.evaluations = 1000;
    how.seed = first_seed + i;
    genetic += search_genetically(axes, any, rugged, how).best.worth <= best * 1.02 ? 1 : 0;
    random += search_at_random(axes, any, rugged, 1000, first_seed + i).best.worth <= best * 1.02 ? 1 : 0;
  }
  WARN("within 2 % of the best of 1e6 designs after 1,000 evaluations: genetic " << genetic << " of 100 seeds, random "
                                                                                 << random);
  CHECK(genetic >= 95);
  CHECK(random < 50);
}
