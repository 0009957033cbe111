// SPDX-License-Identifier: Apache-2.0
// How many configurations the estimator looks at in a second, on one core: random points of a design space, for each
// shipped network and for all four, against a floor measured in turns in the same process. Prints; asserts nothing.
//
// usage: bench_estimate [CONFIGURATION] [WORKLOAD FOLDER] [ROUNDS] [SPACE]
#include "tb/bench/median.h"

#include "sonic/config/load.h"
#include "sonic/core/error.h"
#include "tb/estimate/estimate.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tb/report/accounting.h"
#include "tb/workload/onnx_import.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace sonic;
using seconds = std::chrono::duration<double>;

constexpr std::uint64_t first_seed = 1;

/// A point of a design space changes some keys of a configuration.
struct space {
  std::string name;
  std::function<void(config::architecture&, std::mt19937_64&)> draw;
};

template <class value>
void pick(value& into, std::mt19937_64& random, std::initializer_list<value> from) {
  into = from.begin()[random() % from.size()];
}

void draw_units(config::architecture& a, std::mt19937_64& random) {
  a.conv_array.vdus = static_cast<int>(10 + random() % 91);
  a.fc_array.vdus = static_cast<int>(2 + random() % 39);
}

void draw_lanes(config::architecture& a, std::mt19937_64& random) {
  pick(a.conv_array.lanes, random, {2, 3, 4, 5, 6, 8, 9, 12, 16, 24});
  pick(a.fc_array.lanes, random, {10, 20, 30, 40, 50, 60, 80, 100, 150, 200});
}

void draw_devices(config::architecture& a, std::mt19937_64& random) {
  std::uniform_real_distribution<double> part(0.5, 2.0);
  a.devices.adc.latency_ns = 14.0 * part(random);
  a.devices.adc.power_mw = 62.0 * part(random);
  a.devices.electro_optic_tuning.latency_ns = 20.0 * part(random);
  a.digital.clock_ghz = 1.28 * part(random);
  pick(a.step, random, {config::step_mode::pipelined, config::step_mode::retune_every_step, config::step_mode::serial});
}

void draw_buffers(config::architecture& a, std::mt19937_64& random) {
  constexpr std::uint64_t kib = 1024;
  pick(a.buffers.weight_buffer.bytes, random, {64 * kib, 128 * kib, 256 * kib, 512 * kib});
  pick(a.buffers.activation_buffer.bytes, random, {64 * kib, 128 * kib, 256 * kib});
  pick(a.buffers.partial_sum_buffer.bytes, random, {256 * kib, 512 * kib, 1024 * kib});
  pick(a.buffers.activation_buffer.banks, random, {4, 8, 16});
}

/// Of which layers need many tiles.
void draw_small_buffers(config::architecture& a, std::mt19937_64& random) {
  constexpr std::uint64_t kib = 1024;
  a.buffers.weight_buffer.bytes = 64 * kib;
  pick(a.buffers.activation_buffer.bytes, random, {16 * kib, 32 * kib});
  pick(a.buffers.partial_sum_buffer.bytes, random, {16 * kib, 32 * kib});
}

void draw_memory(config::architecture& a, std::mt19937_64& random) {
  std::uniform_real_distribution<double> part(0.5, 2.0);
  a.memory.bandwidth_gb_per_s = 25.6 * part(random);
  pick(a.dma.outstanding, random, {8, 16, 32});
}

std::vector<space> spaces() {
  return {{"devices, clock, step", draw_devices},
          {"n, m, N, K", [](auto& a, auto& random) { draw_lanes(a, random), draw_units(a, random); }},
          {"arrays and devices",
           [](auto& a, auto& random) { draw_lanes(a, random), draw_units(a, random), draw_devices(a, random); }},
          {"and buffers",
           [](auto& a, auto& random) {
             draw_lanes(a, random), draw_units(a, random), draw_devices(a, random), draw_buffers(a, random);
           }},
          {"and memory",
           [](auto& a, auto& random) {
             draw_lanes(a, random), draw_units(a, random), draw_devices(a, random), draw_buffers(a, random);
             draw_memory(a, random);
           }},
          {"arrays, small buffers", [](auto& a, auto& random) {
             draw_lanes(a, random), draw_units(a, random), draw_devices(a, random), draw_small_buffers(a, random);
           }}};
}

struct workload_case {
  std::string name;
  estimate::network_profile profile;
};

workload_case prepare(const std::string& folder, const std::string& name, const config::architecture& a) {
  const auto network = workload::import_onnx(folder + "/" + name + ".onnx");
  std::vector<workload::tensor> inputs;
  std::mt19937_64 random(first_seed);
  for (const auto input : network.inputs) {
    const auto& extents = network.values[input].extents;
    workload::tensor image{extents, {}};
    for (std::int64_t i = 0; i < workload::element_count(extents, name); ++i) {
      image.values.push_back(static_cast<float>(random() % 1024) / 1024.0F);
    }
    inputs.push_back(std::move(image));
  }
  const auto how = host::numerics_of(a);
  return {name, estimate::profile_of(network, reference::quantise(network, how, {inputs}), how, inputs)};
}

/// Points a second of one estimator for each of the networks, all of which look at each point.
double speed(const std::vector<const workload_case*>& networks, const config::architecture& base, const space& of,
             int points, double& checksum) {
  std::vector<std::unique_ptr<estimate::estimator>> estimators;
  estimators.reserve(networks.size());
  for (const auto* network : networks) {
    estimators.push_back(std::make_unique<estimate::estimator>(network->profile));
  }
  std::mt19937_64 random(first_seed);
  auto a = base;
  const auto look = [&](int count) {
    for (int i = 0; i < count; ++i) {
      of.draw(a, random);
      for (auto& each : estimators) {
        checksum += (*each)(a).energy_pj;
      }
    }
  };
  look(points / 10); // others look at a space for longer than this
  const auto began = std::chrono::steady_clock::now();
  look(points);
  return points / seconds(std::chrono::steady_clock::now() - began).count();
}

/// Points a second of drawing a point and evaluating its energy table alone.
double floor_speed(const config::architecture& base, const space& of, int points, double& checksum) {
  core::activity done;
  done.conv.symbols = done.conv.stream_lane_symbols = done.bytes_loaded = 1000;
  std::mt19937_64 random(first_seed);
  auto a = base;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < points; ++i) {
    of.draw(a, random);
    checksum += report::total_pj_of(report::energy_table(a), done, 1e5);
  }
  return points / seconds(std::chrono::steady_clock::now() - began).count();
}

int measure(const std::string& configuration, const std::string& folder, int rounds, const std::string& only) {
  const auto base = config::load_architecture(configuration, {"run.accounting=full"});
  std::vector<workload_case> cases;
  for (const auto* name : {"mnist", "cifar10", "svhn_standin", "stl10_small"}) {
    cases.push_back(prepare(folder, name, base));
  }
  double checksum = 0.0;
  fmt::print("{:<22} {:>14} {:>12} {:>12} {:>8}\n", "space", "network", "points/s", "floor/s", "ratio");
  for (const auto& of : spaces()) {
    if (!only.empty() && of.name != only) {
      continue;
    }
    for (std::size_t n = 0; n <= cases.size(); ++n) {
      std::vector<const workload_case*> networks;
      for (std::size_t i = 0; i < cases.size(); ++i) {
        if (n == cases.size() || i == n) {
          networks.push_back(&cases[i]);
        }
      }
      constexpr int points = 20000;
      std::vector<double> speeds, floors;
      for (int round = 0; round < rounds; ++round) {
        speeds.push_back(speed(networks, base, of, points, checksum));
        floors.push_back(floor_speed(base, of, points, checksum));
      }
      const double points_per_s = bench::median(speeds);
      const double floor_per_s = bench::median(floors);
      fmt::print("{:<22} {:>14} {:>12.0f} {:>12.0f} {:>8.2f}\n", of.name,
                 n == cases.size() ? "all four" : cases[n].name, points_per_s, floor_per_s, floor_per_s / points_per_s);
    }
  }
  for (const auto& c : cases) {
    const auto began = std::chrono::steady_clock::now();
    checksum += estimate::estimate(c.profile, base).energy_pj;
    fmt::print("{:<22} {:>14} {:>9.3f} ms\n", "one chip alone", c.name,
               seconds(std::chrono::steady_clock::now() - began).count() * 1e3);
  }
  fmt::print("floor: the energy table and its evaluation alone; ratio: floor / points, for one point; median of {} "
             "rounds in turns; seed {}; checksum {:.6g}\n",
             rounds, first_seed, checksum);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  constexpr int default_rounds = 3;
  try {
    return measure(argc > 1 ? argv[1] : "configs/sonic.yaml", argc > 2 ? argv[2] : "configs/workloads",
                   argc > 3 ? std::max(1, std::atoi(argv[3])) : default_rounds, argc > 4 ? argv[4] : "");
  } catch (const core::user_error& e) {
    fmt::print(stderr, "bench_estimate: {}\n", e.what());
    return 2;
  }
}
