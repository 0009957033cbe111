// SPDX-License-Identifier: Apache-2.0
// What the accelerator leaves to its host.
#pragma once

#include "tb/workload/graph.h"

namespace sonic::workload {

/// exp(x) / sum exp(x) over the operation's axes, or its logarithm; in double, rounded once to float.
tensor softmax_of(const tensor& x, const softmax& how);

} // namespace sonic::workload
