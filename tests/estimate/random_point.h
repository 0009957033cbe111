// SPDX-License-Identifier: Apache-2.0
// Random chips and the networks that they run, for tests of the estimator.
#pragma once

#include "tb/estimate/estimate.h"
#include "tests/support/graph_builder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::tests {

/// Keys of a random chip: everything that moves time or energy and leaves the numerics alone but for lanes and packing.
std::vector<std::string> random_keys(random_source& random);

/// A seeded smooth image in [0, 1]: a few waves.
workload::tensor smooth_image(const workload::shape& extents, std::uint64_t seed);

/// A network with inputs.
struct network_case {
  std::string name;
  workload::graph network;
  std::vector<workload::tensor> inputs;
};

/// configs/workloads/NAME.onnx with a smooth image for each frame of the batch.
network_case shipped_network(const std::string& name, std::int64_t batch, std::uint64_t seed);

/// A small network of random operations, with random inputs.
network_case small_network(std::uint64_t seed);

/// For a chip's numerics.
workload::program program_for(const network_case& of, const config::architecture& a);

/// Its profile, for the numerics of this chip.
estimate::network_profile profile_for(const network_case& of, const config::architecture& a);

/// What loosely timed simulation gives.
struct simulated {
  bool fits = false;
  double latency_ns = 0, energy_pj = 0, operand_bits = 0;
  core::activity done;
  std::uint64_t layers = 0;
  double layers_ns[32] = {}; ///< of the first of them
};

/// In a child process.
simulated simulate(const network_case& of, const config::architecture& a);

/// a / b - 1; 0 if both are 0.
double deviation(double a, double b);

} // namespace sonic::tests
