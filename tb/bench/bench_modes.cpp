// SPDX-License-Identifier: Apache-2.0
// The simulator against the network itself: the CIFAR-10 network simulated in each mode of time, and with physical
// optics, against oneDNN's dense float32 inference of the same network on one thread, in one process and in turns.
// Prints ratios; asserts nothing.
//
// usage: bench_modes [ROUNDS]
#include "tb/bench/dense_network.h"
#include "tb/bench/median.h"
#include "tb/bench/networks.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tb/host/chip_view.h"
#include "tb/host/inference.h"
#include "tb/host/testbench.h"
#include "tb/reference/calibrate.h"
#include "tb/reference/float_executor.h"

#include <fmt/format.h>
#include <systemc>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

namespace {

using namespace sonic;
using bench::median;
using seconds = std::chrono::duration<double>;

/// A testbench beside others: names of modules are those of its own.
class simulated : public sc_core::sc_module {
public:
  simulated(const sc_core::sc_module_name& name, const config::architecture& a, const workload::graph& network,
            const workload::program& program, const workload::memory_image& image)
      : sc_module(name), bench_(a, image.size), chip_(bench_, network, program, image) {}

  double run(const std::vector<workload::tensor>& inputs) { return chip_.run(inputs).latency_ns; }

private:
  host::testbench bench_;
  host::inference chip_;
};

/// Times of one thing, each round's.
struct series {
  std::string name;
  std::vector<double> rounds;

  template <class work>
  void add(const work& run) {
    const auto began = std::chrono::steady_clock::now();
    run();
    rounds.push_back(seconds(std::chrono::steady_clock::now() - began).count());
  }
};

int measure(int rounds) {
  constexpr double density = 0.5;
  const auto network = bench::cifar10_network(density, 3);
  const std::vector<workload::tensor> inputs{bench::cifar10_image(1)};
  const std::vector<std::string> modes{"loosely_timed", "functional", "approximately_timed", "physical"};
  std::vector<config::architecture> chips;
  chips.reserve(modes.size());
  for (const auto& mode : modes) {
    chips.push_back(config::load_architecture("configs/sonic.yaml",
                                              {mode == "physical" ? "run.optics=physical" : "run.timing=" + mode}));
  }
  const auto program = reference::quantise(network, host::numerics_of(chips.front()), {inputs});
  const auto image = workload::lower(program, host::layout_of(chips.front()));
  std::deque<simulated> simulations;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    simulations.emplace_back(modes[i].c_str(), chips[i], network, program, image);
  }
  bench::dense_network dense(network);

  const auto expected = reference::run_float(network, inputs)[network.outputs.front()].values;
  const auto found = dense.run(inputs.front());
  float deviation = 0.0F;
  float largest = 0.0F;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    deviation = std::max(deviation, std::abs(expected[i] - found.at(i)));
    largest = std::max(largest, std::abs(expected[i]));
  }
  fmt::print("oneDNN computes the same network: scores differ by {:.1e} of the largest\n", deviation / largest);

  series floor{"oneDNN dense f32", {}};
  std::vector<series> all;
  all.reserve(modes.size());
  for (const auto& mode : modes) {
    all.push_back({mode, {}});
  }
  for (int round = -1; round < rounds; ++round) { // the first warms up
    floor.add([&] { dense.run(inputs.front()); });
    for (std::size_t i = 0; i < modes.size(); ++i) {
      all[i].add([&] { simulations[i].run(inputs); });
    }
    if (round < 0) {
      floor.rounds.clear();
      for (auto& s : all) {
        s.rounds.clear();
      }
    }
  }
  const auto ratio = [](const series& of, const series& to) {
    std::vector<double> each;
    each.reserve(of.rounds.size());
    for (std::size_t i = 0; i < of.rounds.size(); ++i) {
      each.push_back(of.rounds[i] / to.rounds[i]);
    }
    return median(each);
  };
  fmt::print("{:<22} {:>10} {:>10} {:>16} {:>16}\n", "one image", "median ms", "least ms", "/ oneDNN",
             "/ loosely timed");
  const auto show = [&](const series& s) {
    fmt::print("{:<22} {:>10.3f} {:>10.3f} {:>16.2f} {:>16.2f}\n", s.name, median(s.rounds) * 1e3,
               *std::min_element(s.rounds.begin(), s.rounds.end()) * 1e3, ratio(s, floor), ratio(s, all.front()));
  };
  show(floor);
  for (const auto& s : all) {
    show(s);
  }
  fmt::print("{} rounds in turns; ratios are medians of each round's ratio; {:.0f} % of the weights are not zero\n",
             rounds, density * 100.0);
  return 0;
}

} // namespace

int sc_main(int argc, char** argv) {
  constexpr int default_rounds = 50;
  try {
    return measure(argc > 1 ? std::max(1, std::atoi(argv[1])) : default_rounds);
  } catch (const core::user_error& e) {
    fmt::print(stderr, "bench_modes: {}\n", e.what());
    return 2;
  }
}
