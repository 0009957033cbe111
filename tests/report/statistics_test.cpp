// SPDX-License-Identifier: Apache-2.0
#include "tb/report/run_report.h"
#include "tb/report/statistics.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

namespace sonic::tests {

namespace {

/// The score test by which Wilson's interval is defined: how many standard deviations, under the true rate @p rate, lie
/// between it and what was seen.
double score(double rate, double hits, double trials) {
  return (hits / trials - rate) / std::sqrt(rate * (1.0 - rate) / trials);
}

} // namespace

TEST_CASE("a distribution of 0 to 100 has its figures in closed form") {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) {
    values.push_back(i);
  }
  const auto d = report::distribution_of(values);
  CHECK(d.mean == 50.0);
  CHECK(d.deviation == Approx(std::sqrt((101.0 * 101.0 - 1.0) / 12.0)).epsilon(1e-15));
  CHECK(d.least == 0.0);
  CHECK(d.most == 100.0);
  for (std::size_t i = 0; i < report::percentile_points.size(); ++i) {
    CHECK(d.percentiles[i] == Approx(report::percentile_points[i]).epsilon(1e-15));
  }
}

TEST_CASE("percentiles lie between the nearest frames, and few frames are enough") {
  CHECK(report::distribution_of({4.0, 2.0}).percentiles[1] == 2.5);
  CHECK(report::distribution_of({3.0}).percentiles[4] == 3.0);
  CHECK(report::distribution_of({3.0}).deviation == 0.0);
  CHECK(report::distribution_of({}).most == 0.0);
}

TEST_CASE("the confidence interval ends where the score test does") {
  for (const auto& [hits, trials] :
       std::vector<std::pair<std::uint64_t, std::uint64_t>>{{9945, 10000}, {1, 10}, {5, 10}, {9, 10}, {8700, 10000}}) {
    CAPTURE(hits, trials);
    const auto range = report::confidence_interval(hits, trials);
    const double above = score(range.low, static_cast<double>(hits), static_cast<double>(trials));
    const double below = score(range.high, static_cast<double>(hits), static_cast<double>(trials));
    CHECK(above == Approx(1.959963984540054).epsilon(1e-9));
    CHECK(below == Approx(-1.959963984540054).epsilon(1e-9));
  }
  CHECK(report::confidence_interval(0, 10).low == Approx(0.0).margin(1e-15));
  CHECK(report::confidence_interval(10, 10).high == Approx(1.0).epsilon(1e-15));
  CHECK(report::confidence_interval(0, 0).low == 0.0);
  CHECK(report::confidence_interval(0, 0).high == 1.0);
}

TEST_CASE("a confusion matrix grows to the largest class and keeps what it counted") {
  report::classification c;
  c.add(1, 1, 1);
  c.add(0, 3, 0);
  c.add(1, 1, 2);
  REQUIRE(c.confusion.size() == 4);
  CHECK(c.confusion[1] == std::vector<std::uint64_t>{0, 2, 0, 0});
  CHECK(c.confusion[0] == std::vector<std::uint64_t>{0, 0, 0, 1});
  CHECK(c.images == 3);
  CHECK(c.correct == 2);
  CHECK(c.reference_correct == 2);
  CHECK(c.agreeing == 1);
}

} // namespace sonic::tests
