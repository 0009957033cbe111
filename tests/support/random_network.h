// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/graph_builder.h"

namespace sonic::tests {

/// A small network of random operations of every kind, with odd shapes, negative values and several consumers.
workload::graph random_network(random_source& random);

/// Random values for each input of a network.
std::vector<workload::tensor> random_inputs(const workload::graph& network, random_source& random);

} // namespace sonic::tests
