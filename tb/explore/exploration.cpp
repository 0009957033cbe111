// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/exploration.h"

#include "sonic/config/loader.h"
#include "sonic/core/error.h"
#include "tb/explore/pareto.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace sonic::explore {

namespace {

class judging {
public:
  judging(const design_space& space, const config::architecture& base, const std::vector<formula>& constraints,
          formula_values& values, const std::vector<objective>& objectives, std::size_t keep, const estimator& estimate)
      : space_(space), sizes_(space.sizes()), chip_(base), constraints_(constraints), values_(values),
        objectives_(objectives), keep_(keep), estimate_(estimate), signs_(objectives.size()) {}

  bool admits(const design& d) {
    values_.set(d);
    return std::all_of(constraints_.begin(), constraints_.end(),
                       [](const formula& f) { return f.needs_metrics() || f.holds(); });
  }

  double worth(const design& d) {
    const auto metrics = metrics_if_allowed(d);
    if (!metrics) {
      ++refused_;
      return not_allowed;
    }
    const double worth = worth_of(*metrics, objectives_);
    const auto number = number_of(sizes_, d);
    for (std::size_t i = 0; i < objectives_.size(); ++i) {
      const double value = value_of(*metrics, objectives_[i].which);
      signs_[i] = objectives_[i].largest ? -value : value;
    }
    front_.offer(number, signs_);
    best_.emplace(std::pair(worth, number), *metrics);
    if (best_.size() > keep_) {
      best_.erase(std::prev(best_.end()));
    }
    return worth;
  }

  exploration result(std::uint64_t evaluations) {
    exploration found;
    found.evaluations = evaluations;
    found.refused = refused_;
    for (const auto& [key, metrics] : best_) {
      found.best.push_back(judged(key.second, metrics));
    }
    for (const auto& member : front_.sorted()) {
      design d;
      set_design(sizes_, member.number, d);
      found.front.push_back(judged(member.number, *metrics_if_allowed(d)));
    }
    std::stable_sort(found.front.begin(), found.front.end(), [&](const judged_design& a, const judged_design& b) {
      return worth_of(a.values, objectives_) < worth_of(b.values, objectives_);
    });
    return found;
  }

private:
  [[nodiscard]] judged_design judged(std::uint64_t number, const metric_values& values) const {
    judged_design d{number, {}, values};
    set_design(sizes_, number, d.chosen);
    return d;
  }

  std::optional<metric_values> metrics_if_allowed(const design& d) {
    space_.apply(d, chip_);
    try {
      config::check_consistency(chip_);
    } catch (const core::user_error&) {
      return {};
    }
    estimate_(chip_, figures_);
    if (!figures_.fits) {
      return {};
    }
    const auto metrics = metrics_of(figures_.networks, figures_.area_mm2, figures_.fully_active_w);
    values_.set(d);
    values_.set(metrics);
    const bool holds = std::all_of(constraints_.begin(), constraints_.end(),
                                   [](const formula& f) { return !f.needs_metrics() || f.holds(); });
    return holds ? std::optional(metrics) : std::nullopt;
  }

  const design_space& space_;
  axis_sizes sizes_;
  config::architecture chip_; ///< of the design that was judged last
  const std::vector<formula>& constraints_;
  formula_values& values_;
  const std::vector<objective>& objectives_;
  std::size_t keep_;
  const estimator& estimate_;
  chip_figures figures_;
  std::vector<double> signs_;
  pareto_front front_;
  std::map<std::pair<double, std::uint64_t>, metric_values> best_; ///< by worth, then number
  std::uint64_t refused_ = 0;
};

} // namespace

double worth_of(const metric_values& values, const std::vector<objective>& objectives) {
  double worth = 0.0;
  for (const auto& o : objectives) {
    const double log = std::log(value_of(values, o.which));
    worth += o.largest ? -log : log;
  }
  return worth;
}

exploration explore(const design_space& space, const config::architecture& base,
                    const std::vector<formula>& constraints, formula_values& values,
                    const std::vector<objective>& objectives, const search_settings& how, std::size_t keep,
                    const estimator& estimate) {
  judging all(space, base, constraints, values, objectives, keep, estimate);
  const admission admitted = [&](const design& d) { return all.admits(d); };
  const judge worth = [&](const design& d) { return all.worth(d); };
  const auto sizes = space.sizes();
  const auto& g = how.genetic;
  const auto found = how.method == search_method::all ? search_all(sizes, admitted, worth)
                     : how.method == search_method::random
                         ? search_at_random(sizes, admitted, worth, g.evaluations, g.seed)
                         : search_genetically(sizes, admitted, worth, g);
  return all.result(found.evaluations);
}

} // namespace sonic::explore
