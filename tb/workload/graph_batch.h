// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/graph.h"

namespace sonic::workload {

/// Whether axis 0 is the batch in every tensor that the network computes, and no node mixes its entries.
bool is_batch_separable(const graph& network);

} // namespace sonic::workload
