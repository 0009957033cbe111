// SPDX-License-Identifier: Apache-2.0
// Networks for tests, built node by node without a file.
#pragma once

#include "tb/workload/graph.h"

#include <random>
#include <string>
#include <vector>

namespace sonic::tests {

/// Uniform random numbers from a printed seed.
class random_source {
public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}
  std::int64_t integer(std::int64_t low, std::int64_t high) { // both inclusive
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  double real(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) / static_cast<double>(std::uint64_t{1} << 53);
  }
  bool chance(double probability) { return real(0.0, 1.0) < probability; }
  /// Values in [low, high], each zero with a probability.
  workload::tensor tensor(const workload::shape& extents, double low, double high, double zeros = 0.0);

private:
  std::mt19937_64 engine_;
};

/// Appends nodes to a graph. Output shapes are computed here, independently of the importer.
class graph_builder {
public:
  graph_builder();

  workload::value_id input(const workload::shape& extents);
  workload::value_id constant(const workload::tensor& content);

  workload::value_id convolve(workload::value_id x, const workload::tensor& weights,
                              const workload::window& geometry = {}, std::int64_t groups = 1,
                              const std::vector<float>& bias = {});
  workload::value_id multiply(workload::value_id x, const workload::tensor& weights,
                              const std::vector<float>& bias = {});
  workload::value_id add(workload::value_id a, workload::value_id b);
  /// @param scale,shift one entry per channel of axis 1, or one for all
  workload::value_id line(workload::value_id x, const std::vector<double>& scale, const std::vector<double>& shift);
  workload::value_id activate(workload::value_id x, const workload::activation& function);
  workload::value_id relu(workload::value_id x);
  workload::value_id pool(workload::value_id x, workload::pool_kind kind, const workload::window& geometry,
                          bool count_include_pad = false);
  workload::value_id relabel(workload::value_id x, const workload::shape& extents);
  workload::value_id transpose(workload::value_id x, const std::vector<std::int64_t>& permutation);
  workload::value_id concat(const std::vector<workload::value_id>& x, std::int64_t axis);
  workload::value_id pad(workload::value_id x, const std::vector<std::int64_t>& begin,
                         const std::vector<std::int64_t>& end, double value);
  workload::value_id softmax(workload::value_id x, std::int64_t first, std::int64_t last, bool logarithm = false);

  graph_builder& output(workload::value_id v);
  [[nodiscard]] const workload::shape& extents(workload::value_id v) const { return network_.values[v].extents; }
  workload::graph build() { return network_; }

private:
  workload::value_id append(const std::string& type, workload::operation op, std::vector<workload::value_id> inputs,
                            const workload::shape& extents);

  workload::graph network_;
};

/// Kernel, strides, pads on all sides, dilation; the same along both axes.
workload::window square(std::int64_t kernel, std::int64_t stride = 1, std::int64_t pad = 0, std::int64_t dilation = 1);

} // namespace sonic::tests
