// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/sonic/comparison.h"
#include "tb/sonic/comparison_ratios.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sonic::command {

report::sensitivity_report sensitivity_of(accelerator_costs& costs, std::size_t most) {
  constexpr std::uint64_t most_combinations = 5'000'000;
  const auto& plan = costs.plan();
  const auto published = published_values(plan);
  const std::size_t count = plan.assumptions.size();
  report::sensitivity_report s;
  choices chosen(count, 0);
  for (std::size_t a = 0; a < count; ++a) {
    report::assumption_line line{plan.assumptions[a].name, plan.assumptions[a].about, {}};
    for (chosen[a] = 0; chosen[a] < plan.assumptions[a].choices.size(); ++chosen[a]) {
      const auto& choice = plan.assumptions[a].choices[chosen[a]];
      const auto ratios = ratios_of(costs, chosen);
      line.choices.push_back({choice.name, choice.about, ratios, report::log_distance(ratios, published)});
    }
    chosen[a] = 0;
    s.assumptions.push_back(std::move(line));
  }
  s.combinations = 1;
  for (const auto& a : plan.assumptions) {
    s.combinations *= a.choices.size();
    if (s.combinations > most_combinations) {
      throw core::user_error("assumptions", "their choices have too many combinations",
                             "expected at most " + std::to_string(most_combinations));
    }
  }
  // Each accelerator's figures by the choices that it depends on.
  struct table {
    std::vector<std::size_t> relevant;
    std::vector<const accelerator_costs::figures_of_networks*> figures;
  };
  std::vector<table> tables(plan.accelerators.size());
  for (std::size_t a = 0; a < tables.size(); ++a) {
    tables[a].relevant = costs.assumptions_of(a);
    for (const auto& each : costs.variants_of(a)) {
      tables[a].figures.push_back(&costs.figures_of(a, each));
    }
  }
  const auto figures_under = [&](std::size_t accelerator) -> const accelerator_costs::figures_of_networks& {
    std::size_t index = 0;
    for (const auto a : tables[accelerator].relevant) {
      index = index * plan.assumptions[a].choices.size() + chosen[a];
    }
    return *tables[accelerator].figures[index];
  };
  for (std::uint64_t i = 0; i < s.combinations; ++i) {
    const auto bits = bits_of(plan, chosen);
    const auto average = average_of(plan, chosen);
    const auto& reference = figures_under(plan.reference);
    std::vector<double> ratios;
    for (const auto& p : plan.published) {
      ratios.push_back(average_ratio(reference, figures_under(p.accelerator), p.kind, bits, average));
    }
    const double distance = report::log_distance(ratios, published);
    if (s.closest.size() < most || distance < s.closest.back().distance) {
      report::combination_line line{{}, std::move(ratios), distance};
      for (std::size_t a = 0; a < count; ++a) {
        line.choices.push_back(plan.assumptions[a].choices[chosen[a]].name);
      }
      const auto place = std::upper_bound(s.closest.begin(), s.closest.end(), distance,
                                          [](double d, const auto& each) { return d < each.distance; });
      s.closest.insert(place, std::move(line));
      s.closest.resize(std::min(s.closest.size(), most));
    }
    for (std::size_t a = count; a > 0; --a) {
      if (++chosen[a - 1] < plan.assumptions[a - 1].choices.size()) {
        break;
      }
      chosen[a - 1] = 0;
    }
  }
  return s;
}

} // namespace sonic::command
