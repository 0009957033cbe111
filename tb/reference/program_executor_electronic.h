// SPDX-License-Identifier: Apache-2.0
// Steps of a code16 program that need no light.
#pragma once

#include "tb/workload/program.h"

#include <cstdint>
#include <vector>

namespace sonic::reference {

using codes = std::vector<std::uint16_t>;

/// Maximum or average over windows.
void run_pool(const workload::program& source, const workload::step& s, const codes& input, codes& output);

/// out[write] = post(in[read], second[read_second]) over the step's iteration.
/// @param second any codes if the step has no second operand
void run_elementwise(const workload::step& s, const codes& input, const codes& second, codes& output);

void run_fill(const workload::step& s, codes& output);

} // namespace sonic::reference
