// SPDX-License-Identifier: Apache-2.0
// The estimator against loosely timed simulation, over random chips.
#include "tests/estimate/random_point.h"

#include "sonic/config/load.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

config::architecture chip_of(const std::vector<std::string>& keys) {
  return config::load_architecture(SONIC_SOURCE_DIR "/configs/sonic.yaml", keys);
}

/// Deviations of all points.
class agreement {
public:
  void add(double time, double energy) {
    time_.push_back(std::abs(time));
    energy_.push_back(std::abs(energy));
  }
  void refused() { ++refused_; }
  [[nodiscard]] std::size_t points() const { return time_.size() + refused_; }
  [[nodiscard]] std::size_t simulated() const { return time_.size(); }
  void print(const std::string& what) const {
    std::cout << what << ": " << points() << " points, " << refused_ << " refused by both; deviation of time "
              << of(time_) << "; of energy " << of(energy_) << "\n";
  }

private:
  static std::string of(std::vector<double> values) {
    if (values.empty()) {
      return "-";
    }
    std::sort(values.begin(), values.end());
    double sum = 0;
    std::size_t exact = 0;
    for (const double v : values) {
      sum += v;
      exact += v == 0.0 ? 1 : 0;
    }
    const auto percent = [](double share) { return std::to_string(share * 100.0) + " %"; };
    const std::size_t p95 = (values.size() - 1) * 95 / 100;
    return "mean " + percent(sum / static_cast<double>(values.size())) + ", p95 " + percent(values[p95]) + ", max " +
           percent(values.back()) + ", exact " + std::to_string(exact);
  }

  std::vector<double> time_, energy_;
  std::size_t refused_ = 0;
};

/// @param usual profile for chips that delete zeros; another one is made for others
void compare(const network_case& of, const estimate::network_profile& usual, const std::vector<std::string>& keys,
             agreement& all) {
  const auto a = chip_of(keys);
  const bool dense = a.compression == config::compression_mode::none;
  REQUIRE(estimate::holds_for(usual, a) != dense);
  const auto profile = dense ? profile_for(of, a) : usual;
  const auto found = estimate::estimate(profile, a);
  const auto expected = simulate(of, a);
  REQUIRE(found.fits == expected.fits);
  if (!found.fits) {
    all.refused();
    return;
  }
  const double time = deviation(found.latency_ns, expected.latency_ns);
  const double energy = deviation(found.energy_pj, expected.energy_pj);
  all.add(time, energy);
  // A hundredth is what was asked for; what is left are zeros that blocks of another length make or unmake.
  constexpr double bound = 0.001;
  CHECK(std::abs(time) < bound);
  CHECK(std::abs(energy) < bound);
}

/// How many points a test tries; SONIC_ESTIMATE_TIMES multiplies it.
int points(int usual) {
  const char* times = std::getenv("SONIC_ESTIMATE_TIMES");
  return times == nullptr ? usual : usual * std::max(1, std::atoi(times));
}

} // namespace

TEST_CASE("random chips with small random networks take the time and energy of the estimate", "[sim]") {
  constexpr std::uint64_t first_seed = 81000;
  agreement all;
  for (int i = 0; i < points(400); ++i) {
    const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
    random_source random(seed);
    const auto keys = random_keys(random);
    CAPTURE(seed, keys);
    const auto of = small_network(seed);
    compare(of, profile_for(of, chip_of({})), keys, all);
  }
  all.print("small networks, seeds from " + std::to_string(first_seed));
}

TEST_CASE("random chips with the shipped networks take the time and energy of the estimate", "[sim]") {
  constexpr std::uint64_t first_seed = 82000;
  for (const std::string name : {"mnist", "cifar10", "svhn_standin", "stl10_small"}) {
    agreement mine;
    const auto of = shipped_network(name, 1, first_seed);
    const auto profile = profile_for(of, chip_of({}));
    for (int i = 0; i < points(25); ++i) {
      const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
      random_source random(seed);
      const auto keys = random_keys(random);
      CAPTURE(name, seed, keys);
      compare(of, profile, keys, mine);
    }
    mine.print(name + ", seeds from " + std::to_string(first_seed));
    CHECK(mine.simulated() > mine.points() / 2);
  }
}

TEST_CASE("several frames at a time agree, too", "[sim]") {
  constexpr std::uint64_t first_seed = 83000;
  agreement all;
  for (const std::string name : {"mnist", "cifar10"}) {
    const auto of = shipped_network(name, 3, first_seed);
    const auto profile = profile_for(of, chip_of({}));
    for (int i = 0; i < points(4); ++i) {
      const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
      random_source random(seed);
      const auto keys = random_keys(random);
      CAPTURE(name, seed, keys);
      compare(of, profile, keys, all);
    }
  }
  all.print("three frames, seeds from " + std::to_string(first_seed));
}
