// SPDX-License-Identifier: Apache-2.0
#include "tb/bench/layer_cost.h"

#include "sonic/config/load.h"
#include "tb/bench/bare_kernel.h"
#include "tb/bench/median.h"
#include "tb/bench/networks.h"
#include "tb/host/chip_view.h"
#include "tb/host/inference.h"
#include "tb/host/testbench.h"
#include "tb/reference/calibrate.h"

#include <systemc>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <deque>
#include <functional>
#include <optional>

namespace sonic::bench {

namespace {

using clock = std::chrono::steady_clock;

/// Processor time of this thread, which does all the work: what others take of a shared machine is not counted.
double processor_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Time of one run: the mean of as many as fill some milliseconds, after one that warms up.
double time_of(const std::function<void()>& run) {
  constexpr std::chrono::milliseconds enough(5);
  run();
  const double began_ns = processor_ns();
  const auto end = clock::now() + enough;
  int runs = 0;
  do {
    run();
    ++runs;
  } while (clock::now() < end);
  return (processor_ns() - began_ns) / runs;
}

workload::graph network_of(const layer_shape& shape) {
  constexpr std::uint64_t seed = 3;
  return shape.kind == layer_kind::convolution
             ? convolution_layer(shape.width, shape.extent, 1.0 - shape.sparsity, seed)
             : connected_layer(shape.width, 1.0 - shape.sparsity, seed);
}

/// A layer on a chip of its own. All are made before the first one runs, as SystemC elaborates once.
class simulated_layer : public sc_core::sc_module {
public:
  simulated_layer(const sc_core::sc_module_name& name, const config::architecture& chip, const layer_shape& shape)
      : sc_module(name), network_(network_of(shape)),
        input_(random_input(network_.values[network_.inputs.front()].extents, 1)),
        program_(reference::quantise(network_, host::numerics_of(chip), {{input_}})),
        image_(workload::lower(program_, host::layout_of(chip))), bench_(chip, image_.size),
        inference_(bench_, network_, program_, image_) {
    cost_.of = shape;
    const auto& weights = network_.values[network_.nodes.front().inputs[1]].constant->values;
    const auto zeros = std::count(weights.begin(), weights.end(), 0.0F);
    const auto positions = static_cast<double>(shape.extent * shape.extent);
    cost_.dense_macs = positions * static_cast<double>(weights.size());
    cost_.nonzero_macs = cost_.dense_macs - positions * static_cast<double>(zeros);
  }

  host::inference_result run() { return inference_.run({input_}); }

  /// What the blocks of a run look like; before anything is measured.
  void count() {
    const auto ran = run();
    blocks_ = shapes_of(ran);
    if (!blocks_.empty()) {
      const auto& shape = cost_.of;
      constexpr std::size_t weight_rows = 1200; // each is used once, so they only need to be more than caches hold
      const std::size_t rows =
          shape.kind == layer_kind::convolution ? 9 * static_cast<std::size_t>(shape.width) : weight_rows;
      floor_.emplace(rows, blocks_.front().symbols);
    }
    for (const auto& record : ran.layers) {
      const auto& done = record.done;
      cost_.conversions += static_cast<double>(done.conv.symbols + done.fc.symbols);
      cost_.blocks += static_cast<double>(done.conv.blocks + done.fc.blocks);
    }
  }

  void measure() {
    constexpr double long_ns = 2e8;
    constexpr std::size_t most_long_rounds = 3;
    if (times_.size() >= most_long_rounds && times_.back() > long_ns) {
      return;
    }
    times_.push_back(time_of([&] { run(); }));
    if (floor_) {
      floors_.push_back(time_of([&] { floor_->run(blocks_); }));
    }
  }

  [[nodiscard]] layer_cost cost() const {
    auto c = cost_;
    c.rounds = static_cast<int>(times_.size());
    c.run_ns = median(times_);
    c.least_run_ns = *std::min_element(times_.begin(), times_.end());
    c.floor_ns = floors_.empty() ? 0.0 : median(floors_);
    return c;
  }

private:
  workload::graph network_;
  workload::tensor input_;
  workload::program program_;
  workload::memory_image image_;
  host::testbench bench_;
  host::inference inference_;
  layer_cost cost_;
  std::vector<bare_layer> blocks_; ///< of the only layer; none if all weights are zero
  std::optional<bare_kernel> floor_;
  std::vector<double> times_, floors_;
};

/// Layers of the same shape, whatever their zeros.
bool same_shape(const layer_shape& a, const layer_shape& b) {
  return a.kind == b.kind && a.width == b.width && a.extent == b.extent;
}

/// The shapes and, behind them, each once more with all weights zero.
std::vector<layer_shape> with_zeros(std::vector<layer_shape> shapes) {
  const std::size_t given = shapes.size();
  for (std::size_t i = 0; i < given; ++i) {
    const auto shape = shapes[i];
    const auto alike = [&](const layer_shape& other) { return same_shape(other, shape); };
    if (std::none_of(shapes.begin() + static_cast<std::ptrdiff_t>(given), shapes.end(), alike)) {
      shapes.push_back({shape.kind, shape.width, shape.extent, 1.0});
    }
  }
  return shapes;
}

} // namespace

std::vector<layer_cost> measure_costs(const std::string& configuration, const std::vector<layer_shape>& shapes,
                                      int rounds) {
  const auto chip = config::load_architecture(configuration, {});
  std::deque<simulated_layer> layers;
  for (const auto& shape : with_zeros(shapes)) {
    layers.emplace_back(("layer" + std::to_string(layers.size())).c_str(), chip, shape);
  }
  for (auto& layer : layers) {
    layer.count();
  }
  for (int round = 0; round < rounds; ++round) {
    for (auto& layer : layers) {
      layer.measure();
    }
  }
  std::vector<layer_cost> found;
  found.reserve(layers.size());
  for (const auto& layer : layers) {
    found.push_back(layer.cost());
  }
  const std::vector<layer_cost> zeros(found.begin() + static_cast<std::ptrdiff_t>(shapes.size()), found.end());
  found.resize(shapes.size());
  for (auto& cost : found) {
    cost.zero_ns =
        std::find_if(zeros.begin(), zeros.end(), [&](const auto& z) { return same_shape(z.of, cost.of); })->run_ns;
  }
  return found;
}

} // namespace sonic::bench
