// SPDX-License-Identifier: Apache-2.0
// From figures to ratios.
#pragma once

#include "tb/report/comparison.h"
#include "tb/sonic/accelerator_costs.h"
#include "tb/sonic/comparison_plan.h"

#include <vector>

namespace sonic::command {

double mean(const std::vector<double>& values);

/// What the reference has more of per joule, or less per bit, on one network.
double ratio_of(const report::accelerator_figures& reference, const report::accelerator_figures& other,
                report::ratio_kind kind, report::bit_kind bits);

/// Of all networks, in the same order on both sides.
double average_ratio(const std::vector<report::accelerator_figures>& reference,
                     const std::vector<report::accelerator_figures>& other, report::ratio_kind kind,
                     report::bit_kind bits, report::average_kind average);

/// What choices say about bits and averages.
report::bit_kind bits_of(const comparison_plan& plan, const choices& chosen);
report::average_kind average_of(const comparison_plan& plan, const choices& chosen);

/// In the order of the plan.
std::vector<double> published_values(const comparison_plan& plan);

/// The published ratios as this model has them under choices, in the order of the plan.
std::vector<double> ratios_of(accelerator_costs& costs, const choices& chosen);

} // namespace sonic::command
