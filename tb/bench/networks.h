// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/graph.h"

namespace sonic::bench {

/// The CIFAR-10 network of arXiv 2109.04459 in its reconstructed shape (3x3 convolutions 32, 32, 64, 64, 128, 128 with
/// a 2x2 pool after each pair, 128 and 10 neurons), with seeded random weights of which @p density are not zero.
workload::graph cifar10_network(double density, std::uint64_t seed);

/// A seeded random image for it, in [0, 1].
workload::tensor cifar10_image(std::uint64_t seed);

} // namespace sonic::bench
