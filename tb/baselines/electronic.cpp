// SPDX-License-Identifier: Apache-2.0
#include "tb/baselines/electronic.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace sonic::baselines {

namespace {

namespace fs = std::filesystem;
using config::dimension;

constexpr std::size_t longest_chain = 16;

/// A key of the file whose value is a number.
struct figure {
  std::string_view key;
  dimension measure;
  double low, high;
  double electronic_baseline::*field;
  bool required;
};

const std::vector<figure>& figures() {
  static const std::vector<figure> all{
      {"mac_units", dimension::count, 1, 1e9, &electronic_baseline::mac_units, true},
      {"clock", dimension::frequency, 1e-6, 1e3, &electronic_baseline::clock_ghz, true},
      {"utilisation", dimension::ratio, 1e-6, 1, &electronic_baseline::utilisation, true},
      {"power", dimension::power, 1e-6, 1e9, &electronic_baseline::power_mw, true},
      {"activation_bits", dimension::bits, 1, 64, &electronic_baseline::activation_bits, true},
      {"weight_bits", dimension::bits, 1, 64, &electronic_baseline::weight_bits, true},
      {"activation_reuse", dimension::ratio, 1, 1e9, &electronic_baseline::activation_reuse, true},
      {"weight_reuse", dimension::ratio, 1, 1e9, &electronic_baseline::weight_reuse, true},
      {"efficiency", dimension::ratio, 1e-6, 1e6, &electronic_baseline::efficiency, false},
  };
  return all;
}

std::vector<std::string_view> known_keys() {
  std::vector<std::string_view> keys{"base", "name", "skips", "fully_connected"};
  for (const auto& f : figures()) {
    keys.push_back(f.key);
  }
  return keys;
}

void set_figure(electronic_baseline& machine, const config::config_map& map, const figure& f) {
  auto found = map.sourced(f.key, f.measure, f.low, f.high);
  machine.*f.field = found.value;
  const auto same = std::find_if(machine.figures.begin(), machine.figures.end(),
                                 [&](const config::provenance& each) { return each.key == found.from.key; });
  if (same == machine.figures.end()) {
    machine.figures.push_back(std::move(found.from));
  } else {
    *same = std::move(found.from);
  }
}

/// Adds what a file says to what the files before it said. @p given collects the keys that any of them has.
void apply(electronic_baseline& machine, const fs::path& file, std::vector<std::string>& given,
           std::vector<fs::path>& chain, bool outermost) {
  const auto text = config::read_document(file);
  const config::config_map map(text, text.root, "", known_keys());
  std::error_code error;
  chain.push_back(fs::weakly_canonical(file, error));
  if (map.has("base")) {
    const auto next = (file.parent_path() / map.text("base")).lexically_normal();
    if (!fs::is_regular_file(next, error)) {
      map.refuse("base", "there is no file " + config::in_quotes(map.text("base")),
                 "expected a file, relative to the folder of this one");
    }
    if (std::find(chain.begin(), chain.end(), fs::weakly_canonical(next, error)) != chain.end() ||
        chain.size() == longest_chain) {
      map.refuse("base", config::in_quotes(map.text("base")) + " starts from this file again",
                 "expected files that do not form a circle");
    }
    apply(machine, next, given, chain, false);
  }
  if (map.has("name")) {
    machine.name = map.text("name");
  }
  if (map.has("skips")) {
    machine.skips = static_cast<skipped_zeros>(map.choice("skips", {"none", "activations", "weights", "both"}));
  }
  if (map.has("fully_connected")) {
    machine.convolutions_only = map.choice("fully_connected", {"on_array", "elsewhere"}) == 1;
  }
  for (const auto& f : figures()) {
    if (map.has(f.key)) {
      set_figure(machine, map, f);
    }
  }
  const auto keys = map.keys();
  given.insert(given.end(), keys.begin(), keys.end());
  if (!outermost) {
    return;
  }
  const auto require = [&](std::string_view key) {
    if (std::find(given.begin(), given.end(), key) == given.end()) {
      map.refuse(key, "missing", "expected this key, here or in the file that this one starts from");
    }
  };
  for (const char* key : {"name", "skips", "fully_connected"}) {
    require(key);
  }
  for (const auto& f : figures()) {
    if (f.required) {
      require(f.key);
    }
  }
}

double performed(const product_counts& products, skipped_zeros skips) {
  switch (skips) {
  case skipped_zeros::activations:
    return products.activations;
  case skipped_zeros::weights:
    return products.weights;
  case skipped_zeros::both:
    return products.both;
  case skipped_zeros::none:
    break;
  }
  return products.all;
}

} // namespace

electronic_baseline read_electronic(const fs::path& file) {
  electronic_baseline machine;
  std::vector<std::string> given;
  std::vector<fs::path> chain;
  apply(machine, file, given, chain, true);
  machine.calibrated = std::find(given.begin(), given.end(), "efficiency") != given.end();
  return machine;
}

frame_cost cost_of(const electronic_baseline& machine, const frame_work& work) {
  constexpr double output_bits = 16.0;
  const double products = performed(work.convolutions, machine.skips) +
                          (machine.convolutions_only ? 0.0 : performed(work.fully_connected, machine.skips));
  const double latency_ns = products / (machine.mac_units * machine.utilisation * machine.clock_ghz);
  frame_cost cost;
  cost.latency_ns = machine.calibrated ? std::numeric_limits<double>::quiet_NaN() : latency_ns;
  cost.energy_pj = machine.power_mw * latency_ns / machine.efficiency; // mW x ns = pJ
  cost.operand_bits =
      products * (machine.activation_bits / machine.activation_reuse + machine.weight_bits / machine.weight_reuse) +
      work.outputs * output_bits;
  return cost;
}

} // namespace sonic::baselines
