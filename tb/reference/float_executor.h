// SPDX-License-Identifier: Apache-2.0
// The network as ONNX defines it, in plain loops: what every run of the accelerator is measured against.
#pragma once

#include "tb/workload/graph.h"

#include <vector>

namespace sonic::reference {

/// Runs a network. Sums are kept in double, in ascending order of the kernel's linear index (channel, row, column) or
/// of the input feature, then the bias is added, then the value is rounded once to float.
/// @param network see graph.h
/// @param inputs  one tensor per graph::inputs, of its shape
/// @return one tensor per graph::values; those of constants are empty
/// @throws core::user_error if number or shape of the inputs is wrong
std::vector<workload::tensor> run_float(const workload::graph& network, const std::vector<workload::tensor>& inputs);

/// The same, less what is not needed to the end: a tensor's memory is given back behind the last node that reads it.
/// @return one tensor per graph::outputs
std::vector<workload::tensor> run_float_outputs(const workload::graph& network,
                                                const std::vector<workload::tensor>& inputs);

} // namespace sonic::reference
