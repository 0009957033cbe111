// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/program.h"

#include <vector>

namespace sonic::tests {

/// Runs a float32 program step by step in double, so that what compile() builds can be judged without the chip.
/// @return one tensor per slot, of its four extents; slots that share storage repeat it
std::vector<std::vector<float>> run_float_program(const workload::graph& network, const workload::program& source,
                                                  const std::vector<workload::tensor>& inputs);

} // namespace sonic::tests
