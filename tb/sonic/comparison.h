// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report/comparison.h"
#include "tb/sonic/accelerator_costs.h"

#include <cstddef>

namespace sonic::command {

/// Figures of the default, ratios, and figures from elsewhere.
report::comparison_report compare_by_default(accelerator_costs& costs);

/// Each choice alone, and all combinations of choices.
/// @param most of the closest combinations that are kept
/// @throws core::user_error if there are too many combinations
report::sensitivity_report sensitivity_of(accelerator_costs& costs, std::size_t most);

} // namespace sonic::command
