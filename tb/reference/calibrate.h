// SPDX-License-Identifier: Apache-2.0
// From a network of real numbers to a quantised program, by example inputs.
#pragma once

#include "tb/workload/compile.h"
#include "tb/workload/program.h"

#include <vector>

namespace sonic::reference {

/// Inputs of one run: one tensor per graph::inputs.
using input_set = std::vector<workload::tensor>;

/// Range of every graph value. The model's metadata may give them under "sonic:ranges", as JSON {"tensor name":
/// [minimum, maximum], ...}; what is missing there is measured with run_float over the calibration inputs.
/// @return one per graph value; constants and tensors without a slot keep (0, 0)
/// @throws core::user_error if the metadata are malformed, or if ranges are missing and there is no calibration input
std::vector<workload::value_range> find_ranges(const workload::graph& network,
                                               const std::vector<input_set>& calibration_inputs);

/// Compiles under code16 with ranges from find_ranges() and ADC full scales from the golden model: layer by layer, the
/// largest |sum * t| over the calibration inputs times the headroom, or 1 where that is 0.
/// @throws core::user_error as find_ranges() and compile(), if the headroom is not positive, or without any
///         calibration input
workload::program quantise(const workload::graph& network, const workload::numerics& how,
                           const std::vector<input_set>& calibration_inputs);

} // namespace sonic::reference
