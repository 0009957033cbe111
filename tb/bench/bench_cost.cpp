// SPDX-License-Identifier: Apache-2.0
// What a multiplication costs to simulate: single convolution and fully connected layers over sparsity and size,
// loosely timed with quantised optics, against the bare block kernel on blocks of the same shapes, all in one process
// and in turns. Prints figures; asserts nothing.
//
// usage: bench_cost [--json] [CONFIGURATION] [ROUNDS]
#include "tb/bench/layer_cost.h"

#include "sonic/core/error.h"

#include <fmt/format.h>
#include <systemc>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using namespace sonic;
using bench::layer_cost;
using bench::layer_kind;

const char* name_of(layer_kind kind) {
  return kind == layer_kind::convolution ? "convolution" : "fully connected";
}

/// A layer for each decade of multiplications, with channels and planes as real networks have them; at 10^7, all
/// sparsities.
std::vector<bench::layer_shape> shapes() {
  constexpr double half = 0.5;
  std::vector<bench::layer_shape> all;
  const auto add = [&](layer_kind kind, std::int64_t width, std::int64_t extent, bool every_sparsity) {
    if (!every_sparsity) {
      all.push_back({kind, width, extent, half});
      return;
    }
    for (const double sparsity : {0.0, 0.25, half, 0.75, 0.9, 0.95}) {
      all.push_back({kind, width, extent, sparsity});
    }
  };
  add(layer_kind::convolution, 8, 14, false);
  add(layer_kind::convolution, 32, 10, false);
  add(layer_kind::convolution, 64, 16, true);
  add(layer_kind::convolution, 128, 28, false);
  add(layer_kind::convolution, 256, 40, false);
  add(layer_kind::fully_connected, 316, 1, false);
  add(layer_kind::fully_connected, 1000, 1, false);
  add(layer_kind::fully_connected, 3162, 1, true);
  add(layer_kind::fully_connected, 10000, 1, false); // ten times as many would take more than 10 GB to compile
  return all;
}

/// The layer of this kind that the others are expected from: half of its weights zero, 10^7 multiplications.
const layer_cost& reference_of(const std::vector<layer_cost>& all, layer_kind kind) {
  constexpr double size = 1e7;
  const auto distance = [&](const layer_cost& c) {
    return std::abs(c.dense_macs - size) + std::abs(c.of.sparsity - 0.5) * size;
  };
  const layer_cost* nearest = nullptr;
  for (const auto& c : all) {
    if (c.of.kind == kind && (nearest == nullptr || distance(c) < distance(*nearest))) {
      nearest = &c;
    }
  }
  return *nearest;
}

/// What its blocks, their lanes and their conversions alone would make of a layer: what it takes with all weights zero,
/// and as many times the bare kernel as the reference takes.
double expected_ns(const layer_cost& c, const std::vector<layer_cost>& all) {
  const auto& reference = reference_of(all, c.of.kind);
  return c.zero_ns + (reference.run_ns - reference.zero_ns) * c.floor_ns / reference.floor_ns;
}

void print_table(const std::vector<layer_cost>& found) {
  constexpr const char* heads = "{:<15} {:>8} {:>6} {:>8} {:>9} {:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>7}\n";
  fmt::print(heads, "layer", "MACs", "zeros", "MACs", "MACs a", "symbols", "ms", "ns a", "expec-", "ns a", "floor,",
             "over");
  fmt::print(heads, "", "", "%", "(nz)", "convers.", "a block", "a run", "MAC", "ted", "convers.", "ns a MAC", "floor");
  for (const auto& c : found) {
    const double macs = c.nonzero_macs;
    fmt::print(
        "{:<15} {:>8.1e} {:>6.0f} {:>8.1e} {:>9.2f} {:>8.0f} {:>9.3f} {:>8.3f} {:>8.3f} {:>8.2f} {:>8.3f} {:>7.2f}\n",
        name_of(c.of.kind), c.dense_macs, c.of.sparsity * 100.0, macs, macs / c.conversions, c.conversions / c.blocks,
        c.run_ns / 1e6, c.run_ns / macs, expected_ns(c, found) / macs, c.run_ns / c.conversions, c.floor_ns / macs,
        c.run_ns / c.floor_ns);
  }
  fmt::print("(nz), and each MAC from there on: by weights that are not zero; processor time, medians in turns\n"
             "floor: the block kernel alone on as many blocks of the same shapes\n"
             "expected: the layer with all weights zero, and as many times the floor as at 50 % zeros and 10^7 MACs\n");
}

void print_json(const std::vector<layer_cost>& found) {
  auto layers = nlohmann::json::array();
  for (const auto& c : found) {
    layers.push_back({{"layer", name_of(c.of.kind)},
                      {"width", c.of.width},
                      {"extent", c.of.extent},
                      {"sparsity", c.of.sparsity},
                      {"dense_macs", c.dense_macs},
                      {"nonzero_macs", c.nonzero_macs},
                      {"conversions", c.conversions},
                      {"blocks", c.blocks},
                      {"rounds", c.rounds},
                      {"run_ns", c.run_ns},
                      {"least_run_ns", c.least_run_ns},
                      {"zero_run_ns", c.zero_ns},
                      {"floor_ns", c.floor_ns},
                      {"expected_run_ns", expected_ns(c, found)}});
  }
  fmt::print("{}\n", nlohmann::json{{"layers", layers}}.dump(1));
}

} // namespace

int sc_main(int argc, char** argv) {
  std::vector<std::string> given(argv + 1, argv + argc);
  const bool json = std::erase(given, "--json") > 0;
  constexpr int default_rounds = 15;
  try {
    const auto found =
        bench::measure_costs(!given.empty() ? given[0] : "configs/sonic.yaml", shapes(),
                             given.size() > 1 ? std::max(1, std::atoi(given[1].c_str())) : default_rounds);
    json ? print_json(found) : print_table(found);
    return 0;
  } catch (const core::user_error& e) {
    fmt::print(stderr, "bench_cost: {}\n", e.what());
    return 2;
  }
}
