// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration.h"

#include "sonic/config/load.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using namespace sonic;
using namespace sonic::explore;

namespace {

design_space small_space() {
  static const auto parsed = config::parse_document("conv_array.vdus: {from: 5, to: 100, step: 5}\n"
                                                    "conv_array.lanes: {from: 1, to: 12, step: 1}\n"
                                                    "fc_array.lanes: [10, 20, 50]\n",
                                                    "study.yaml", true);
  return read_space(config::config_map(parsed, parsed.root, "space", {}));
}

/// Something that a chip might do: more units are faster, more lanes take more.
void toy(const config::architecture& a, chip_figures& f) {
  const double units = a.conv_array.vdus;
  const double lanes = a.conv_array.lanes;
  const double steps = 1e6 / (units * std::min(lanes, 6.0));
  f.fits = a.conv_array.vdus != 35;
  f.networks = {{steps * 14.0, steps * units * (70.0 + lanes * 3.0), 1e6, 2e6},
                {steps * 28.0 + 10.0 * a.fc_array.lanes, steps * units * 90.0, 3e6, 4e6}};
  f.area_mm2 = units * lanes * 0.1;
  f.fully_active_w = units * 0.3;
}

config::architecture base() {
  return config::load_architecture(std::string(SONIC_SOURCE_DIR) + "/configs/sonic.yaml");
}

struct fixture {
  design_space space = small_space();
  formula_values values{space};
  std::vector<formula> constraints;
  std::vector<objective> objectives{{metric::fps_per_watt, true}, {metric::area_mm2, false}};
  estimator estimate = toy;
  exploration run(const search_settings& how, std::size_t keep) {
    return sonic::explore::explore(space, base(), constraints, values, objectives, how, keep, estimate);
  }
};

} // namespace

TEST_CASE("metrics are geometric means over the networks") {
  const auto m = metrics_of({{100.0, 2000.0, 10.0, 40.0}, {400.0, 8000.0, 40.0, 10.0}}, 7.0, 9.0);
  CHECK(value_of(m, metric::latency_ns) == Approx(200.0));
  CHECK(value_of(m, metric::fps) == Approx(5e6));
  CHECK(value_of(m, metric::energy_pj) == Approx(4000.0));
  CHECK(value_of(m, metric::power_w) == Approx(0.02)); // 4000 pJ in 200 ns
  CHECK(value_of(m, metric::fps_per_watt) == Approx(5e6 / 0.02));
  CHECK(value_of(m, metric::epb_operand_pj) == Approx(200.0));
  CHECK(value_of(m, metric::epb_parameter_pj) == Approx(200.0));
  CHECK(value_of(m, metric::area_mm2) == 7.0);
  CHECK(value_of(m, metric::fully_active_w) == 9.0);
}

TEST_CASE("the best and the front are those of a count by hand") {
  fixture f;
  f.constraints.emplace_back("fc_array.lanes > conv_array.lanes * 2", "here", f.values);
  f.constraints.emplace_back("area_mm2 <= 40", "here", f.values);
  const auto found = f.run({search_method::all, {}}, 5);
  struct row {
    std::uint64_t number;
    metric_values values;
  };
  std::vector<row> allowed;
  std::uint64_t judged = 0;
  auto chip = base();
  const auto sizes = f.space.sizes();
  for (std::uint64_t n = 0; n < size_of(sizes); ++n) {
    design d;
    set_design(sizes, n, d);
    f.space.apply(d, chip);
    if (chip.fc_array.lanes <= chip.conv_array.lanes * 2) {
      continue;
    }
    ++judged;
    chip_figures figures;
    toy(chip, figures);
    if (figures.fits && figures.area_mm2 <= 40.0) {
      allowed.push_back({n, metrics_of(figures.networks, figures.area_mm2, figures.fully_active_w)});
    }
  }
  CHECK(found.evaluations == judged);
  CHECK(found.refused == judged - allowed.size());
  std::stable_sort(allowed.begin(), allowed.end(), [&](const row& a, const row& b) {
    return worth_of(a.values, f.objectives) < worth_of(b.values, f.objectives);
  });
  REQUIRE(found.best.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(found.best[i].number == allowed[i].number);
    CHECK(found.best[i].values == allowed[i].values);
  }
  std::set<std::uint64_t> front;
  for (const auto& a : allowed) {
    const bool covered = std::any_of(allowed.begin(), allowed.end(), [&](const row& b) {
      const double eff_a = value_of(a.values, metric::fps_per_watt);
      const double eff_b = value_of(b.values, metric::fps_per_watt);
      const double area_a = value_of(a.values, metric::area_mm2);
      const double area_b = value_of(b.values, metric::area_mm2);
      const bool as_good = eff_b >= eff_a && area_b <= area_a;
      return as_good && (eff_b > eff_a || area_b < area_a || b.number < a.number);
    });
    if (!covered) {
      front.insert(a.number);
    }
  }
  std::set<std::uint64_t> said;
  for (const auto& member : found.front) {
    said.insert(member.number);
  }
  CHECK(said == front);
}

TEST_CASE("a design that contradicts itself is refused, not judged") {
  fixture f;
  f.estimate = [](const config::architecture& a, chip_figures& figures) {
    toy(a, figures);
    CHECK(a.conv_array.waveguides <= a.conv_array.lanes);
  };
  auto chip = base();
  chip.conv_array.waveguides = 4; // more than some designs have lanes
  const auto found = sonic::explore::explore(f.space, chip, f.constraints, f.values, f.objectives,
                                             {search_method::all, {}}, 1, f.estimate);
  CHECK(found.refused >= 3 * 20 * 3);
}
