// SPDX-License-Identifier: Apache-2.0
// How fast the chip simulates: the CIFAR-10 network image by image, against the bare block kernel on blocks of the same
// shapes, measured in the same process in turns. Prints ratios; asserts nothing.
//
// usage: bench_chip [CONFIGURATION] [ROUNDS]
#include "tb/bench/bare_kernel.h"
#include "tb/bench/networks.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tb/host/chip_view.h"
#include "tb/host/inference.h"
#include "tb/host/testbench.h"
#include "tb/reference/calibrate.h"

#include <fmt/format.h>
#include <systemc>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace sonic;
using seconds = std::chrono::duration<double>;

template <class work>
double time_of(const work& run) {
  const auto began = std::chrono::steady_clock::now();
  run();
  return seconds(std::chrono::steady_clock::now() - began).count();
}

int measure(const std::string& configuration, int rounds) {
  fmt::print("{:>8} {:>11} {:>11} {:>12} {:>14} {:>12} {:>8}\n", "density", "ms/image", "floor ms", "Mblocks/s",
             "GMAC/s (nz)", "images/s", "ratio");
  // One density per process would need one elaboration each; the programs share one chip instead.
  const auto a = config::load_architecture(configuration, {});
  const auto how = host::numerics_of(a);
  const auto image = bench::cifar10_image(1);
  struct prepared {
    double density;
    workload::graph network;
    workload::program program;
    workload::memory_image image;
  };
  std::vector<prepared> all;
  std::uint64_t bytes = 0;
  for (const double density : {1.0, 0.5, 0.25, 0.1}) {
    prepared p{density, bench::cifar10_network(density, 3), {}, {}};
    p.program = reference::quantise(p.network, how, {{image}});
    p.image = workload::lower(p.program, host::layout_of(a));
    bytes = std::max(bytes, p.image.size);
    all.push_back(std::move(p));
  }
  host::testbench testbench(a, bytes);
  constexpr std::size_t rows = 1200; // about as many as the patches of the last convolution
  constexpr std::size_t longest = 1024;
  bench::bare_kernel floor(rows, longest);
  for (const auto& p : all) {
    host::inference chip(testbench, p.network, p.program, p.image);
    auto ran = chip.run({image});
    const auto layers = bench::shapes_of(ran);
    double simulated = 1e9;
    double bare = 1e9;
    for (int round = 0; round < rounds; ++round) {
      simulated = std::min(simulated, time_of([&] { ran = chip.run({image}); }));
      bare = std::min(bare, time_of([&] { floor.run(layers); }));
    }
    core::activity total;
    for (const auto& record : ran.layers) {
      total += record.done;
    }
    const auto blocks = static_cast<double>(total.conv.blocks + total.fc.blocks);
    const auto macs = static_cast<double>(total.conv.stream_lane_symbols + total.fc.stream_lane_symbols);
    fmt::print("{:>8.2f} {:>11.3f} {:>11.3f} {:>12.2f} {:>14.2f} {:>12.1f} {:>8.2f}\n", p.density, simulated * 1e3,
               bare * 1e3, blocks / simulated / 1e6, macs / simulated / 1e9, 1 / simulated, simulated / bare);
  }
  fmt::print("floor: the block kernel alone on as many blocks of the same shapes; ratio: simulated / floor; best of {} "
             "rounds in turns\n",
             rounds);
  return 0;
}

} // namespace

int sc_main(int argc, char** argv) {
  constexpr int default_rounds = 20;
  try {
    return measure(argc > 1 ? argv[1] : "configs/sonic.yaml",
                   argc > 2 ? std::max(1, std::atoi(argv[2])) : default_rounds);
  } catch (const core::user_error& e) {
    fmt::print(stderr, "bench_chip: {}\n", e.what());
    return 2;
  }
}
