// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/comparison_ratios.h"

#include <numeric>

namespace sonic::command {

namespace {

using report::accelerator_figures;

/// Mean over the networks of one figure.
template <class member>
double mean_of(const std::vector<accelerator_figures>& figures, member which) {
  double sum = 0.0;
  for (const auto& f : figures) {
    sum += f.*which;
  }
  return sum / static_cast<double>(figures.size());
}

} // namespace

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double ratio_of(const accelerator_figures& reference, const accelerator_figures& other, report::ratio_kind kind,
                report::bit_kind bits) {
  if (kind == report::ratio_kind::fps_per_watt) {
    return reference.frames_per_second_per_watt / other.frames_per_second_per_watt;
  }
  return bits == report::bit_kind::operand ? other.epb_operand_pj / reference.epb_operand_pj
                                           : other.epb_parameter_pj / reference.epb_parameter_pj;
}

double average_ratio(const std::vector<accelerator_figures>& reference, const std::vector<accelerator_figures>& other,
                     report::ratio_kind kind, report::bit_kind bits, report::average_kind average) {
  if (average == report::average_kind::ratios) {
    std::vector<double> ratios;
    for (std::size_t n = 0; n < reference.size(); ++n) {
      ratios.push_back(ratio_of(reference[n], other[n], kind, bits));
    }
    return mean(ratios);
  }
  if (kind == report::ratio_kind::fps_per_watt) {
    const auto which = &accelerator_figures::frames_per_second_per_watt;
    return mean_of(reference, which) / mean_of(other, which);
  }
  const auto which =
      bits == report::bit_kind::operand ? &accelerator_figures::epb_operand_pj : &accelerator_figures::epb_parameter_pj;
  return mean_of(other, which) / mean_of(reference, which);
}

report::bit_kind bits_of(const comparison_plan& plan, const choices& chosen) {
  auto found = report::bit_kind::operand;
  for (std::size_t a = 0; a < chosen.size(); ++a) {
    found = plan.assumptions[a].choices[chosen[a]].bits.value_or(found);
  }
  return found;
}

report::average_kind average_of(const comparison_plan& plan, const choices& chosen) {
  auto found = report::average_kind::ratios;
  for (std::size_t a = 0; a < chosen.size(); ++a) {
    found = plan.assumptions[a].choices[chosen[a]].average.value_or(found);
  }
  return found;
}

std::vector<double> published_values(const comparison_plan& plan) {
  std::vector<double> values;
  for (const auto& p : plan.published) {
    values.push_back(p.value.value);
  }
  return values;
}

std::vector<double> ratios_of(accelerator_costs& costs, const choices& chosen) {
  const auto& plan = costs.plan();
  const auto& reference = costs.figures_of(plan.reference, costs.variant_of(plan.reference, chosen));
  std::vector<double> ratios;
  for (const auto& p : plan.published) {
    const auto& other = costs.figures_of(p.accelerator, costs.variant_of(p.accelerator, chosen));
    ratios.push_back(average_ratio(reference, other, p.kind, bits_of(plan, chosen), average_of(plan, chosen)));
  }
  return ratios;
}

} // namespace sonic::command
