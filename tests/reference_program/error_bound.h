// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/compile.h"

#include <vector>

namespace sonic::tests {

/// Upper bound, per slot, on how far a code16 program's dequantised values lie from the network's real ones, when it
/// runs on inputs that it was calibrated with. Derived step by step from scales, codebook, ADC and multipliers:
/// errors of the operands times the operation's gain, plus what each rounding of docs/numbers.md may add.
/// @param exact real values per graph value, from run_float
std::vector<double> error_bounds(const workload::graph& network, const workload::program& source,
                                 const workload::numerics& how, const std::vector<workload::tensor>& exact);

} // namespace sonic::tests
