// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/graph.h"

namespace sonic::bench {

/// The CIFAR-10 network of arXiv 2109.04459 in its reconstructed shape (3x3 convolutions 32, 32, 64, 64, 128, 128 with
/// a 2x2 pool after each pair, 128 and 10 neurons), with seeded random weights of which @p density are not zero.
workload::graph cifar10_network(double density, std::uint64_t seed);

/// A seeded random image for it, in [0, 1].
workload::tensor cifar10_image(std::uint64_t seed);

/// One 3x3 convolution that keeps channels and plane, then ReLU: 9 channels^2 extent^2 multiplications. The weights
/// that are not zero have 62 values, so that compiling a large layer clusters nothing.
workload::graph convolution_layer(std::int64_t channels, std::int64_t extent, double density, std::uint64_t seed);

/// One fully connected layer as wide as its input, then ReLU, with weights of the same kind: width^2 multiplications.
workload::graph connected_layer(std::int64_t width, double density, std::uint64_t seed);

/// Seeded random numbers in [0, 1].
workload::tensor random_input(const workload::shape& extents, std::uint64_t seed);

} // namespace sonic::bench
