// SPDX-License-Identifier: Apache-2.0
// A search through configurations by what an estimate says of them.
#pragma once

#include "sonic/config/architecture.h"
#include "tb/explore/formula.h"
#include "tb/explore/metrics.h"
#include "tb/explore/search.h"
#include "tb/explore/space.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sonic::explore {

struct objective {
  metric which = metric::fps_per_watt;
  bool largest = true; ///< is sought, else the smallest
};

/// What several objectives are together: the product of those that shall be large over the product of the others, as
/// minus its logarithm, so that smaller is better.
double worth_of(const metric_values& values, const std::vector<objective>& objectives);

enum class search_method : std::uint8_t { all, random, genetic };

struct search_settings {
  search_method method = search_method::all;
  genetic_settings genetic; ///< its evaluations and seed hold for a random search too
};

/// What is known of one configuration without simulating it.
struct chip_figures {
  bool fits = false; ///< every network runs on it
  std::vector<network_figures> networks;
  double area_mm2 = 0, fully_active_w = 0;
};
using estimator = std::function<void(const config::architecture&, chip_figures&)>;

struct judged_design {
  std::uint64_t number = 0;
  design chosen;
  metric_values values{};
};

struct exploration {
  std::vector<judged_design> best;  ///< by worth
  std::vector<judged_design> front; ///< what no other is better than in one objective and as good as in all; by worth
  std::uint64_t evaluations = 0;    ///< estimates
  std::uint64_t refused = 0;        ///< of these: contradict themselves, hold no network, or break a constraint
};

/// @param base what the space does not name
/// @param constraints of @p values
/// @param keep best designs, at least 1
exploration explore(const design_space& space, const config::architecture& base,
                    const std::vector<formula>& constraints, formula_values& values,
                    const std::vector<objective>& objectives, const search_settings& how, std::size_t keep,
                    const estimator& estimate);

} // namespace sonic::explore
