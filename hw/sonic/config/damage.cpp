// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/damage.h"

#include "sonic/config/contradict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace sonic::config {

namespace {

using physics::fault_kind;

auto order_of(const known_fault& f) {
  return std::tuple(f.unit, f.what.kind, f.what.place);
}

/// What calibration sees: all but noise, and heaters that imprints make up for.
bool found_by_calibration(const architecture& chip, const physics::fault& f) {
  switch (f.kind) {
  case fault_kind::noisy_detector:
    return false;
  case fault_kind::detuned_heater:
    return std::abs(f.value) > chip.devices.electro_optic_tuning.maximum_shift_nm;
  default:
    return true;
  }
}

std::vector<known_fault> faults_of(const architecture& chip, array_kind kind, const std::vector<unit_fault>& listed) {
  std::vector<known_fault> all;
  for (const auto& f : listed) {
    if (f.array == kind) {
      all.push_back({f, fault_outcome::kept});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  const std::size_t named = all.size();
  const auto is_named = [&](const known_fault& f) {
    return std::binary_search(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(named), f,
                              [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  };
  const physics::unit_devices devices{static_cast<std::uint32_t>(chip.lanes_built(kind)),
                                      static_cast<std::uint32_t>(chip.devices.adc.bits)};
  std::vector<known_fault> drawn;
  for (std::uint32_t unit = 0; unit < static_cast<std::uint32_t>(chip.array(kind).vdus); ++unit) {
    constexpr unsigned int unit_bits = 32;
    const std::uint64_t number = (static_cast<std::uint64_t>(kind) << unit_bits) | unit;
    for (const auto& f : physics::draw_faults(chip.faults.rates, devices, chip.run.seed, number)) {
      if (const known_fault one{{kind, unit, f}, fault_outcome::kept}; !is_named(one)) {
        drawn.push_back(one);
      }
    }
  }
  all.insert(all.end(), drawn.begin(), drawn.end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  return all;
}

void skip_units(const architecture& chip, array_kind kind, array_damage& of) {
  const auto units = static_cast<std::uint32_t>(chip.array(kind).vdus);
  std::vector<bool> damaged(units);
  for (const auto& f : of.faults) {
    damaged[f.unit] = damaged[f.unit] || found_by_calibration(chip, f.what);
  }
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    if (!damaged[unit]) {
      of.working.push_back(unit);
    }
  }
  if (of.working.empty()) {
    contradict(chip, "faults.policy",
               fmt::format("all {} units of the {} are damaged, so that none is left to work", units,
                           kind == array_kind::conv ? "conv_array" : "fc_array"),
               "expected fewer faults, or another policy");
  }
  for (auto& f : of.faults) {
    f.outcome = damaged[f.unit] ? fault_outcome::skipped : fault_outcome::kept;
  }
}

/// One unit's: the first damaged lanes get the spare lanes that are whole, as far as they go.
void use_spares(const architecture& chip, array_kind kind, std::vector<known_fault*>& faults,
                std::vector<std::uint32_t>& places) {
  const auto lanes = static_cast<std::uint32_t>(chip.array(kind).lanes);
  const auto built = static_cast<std::uint32_t>(chip.lanes_built(kind));
  std::vector<bool> damaged(built);
  for (const auto* f : faults) {
    const bool of_lane = f->what.kind <= fault_kind::detuned_heater;
    if (of_lane && found_by_calibration(chip, f->what)) {
      damaged[f->what.place] = true;
    }
  }
  std::vector<std::uint32_t> at(lanes);
  std::iota(at.begin(), at.end(), 0U);
  std::uint32_t spare = lanes;
  for (auto& place : at) {
    while (damaged[place] && spare < built && damaged[spare]) {
      ++spare;
    }
    if (damaged[place] && spare < built) {
      place = spare++;
    }
  }
  for (auto* f : faults) {
    if (f->what.kind <= fault_kind::detuned_heater && std::find(at.begin(), at.end(), f->what.place) == at.end()) {
      f->outcome = f->what.place < lanes ? fault_outcome::remapped : fault_outcome::unused;
    }
  }
  if (std::any_of(at.begin(), at.end(), [lanes](std::uint32_t place) { return place >= lanes; })) {
    places = std::move(at);
  }
}

array_damage damage_of_array(const architecture& chip, array_kind kind, const std::vector<unit_fault>& listed) {
  array_damage of;
  of.faults = faults_of(chip, kind, listed);
  if (of.faults.empty()) {
    return of;
  }
  if (chip.faults.policy == fault_policy::skip_units) {
    skip_units(chip, kind, of);
  } else if (chip.faults.policy == fault_policy::spare_lanes) {
    of.places.resize(static_cast<std::size_t>(chip.array(kind).vdus));
    for (std::size_t i = 0; i < of.faults.size();) {
      const auto unit = of.faults[i].unit;
      std::vector<known_fault*> mine;
      for (; i < of.faults.size() && of.faults[i].unit == unit; ++i) {
        mine.push_back(&of.faults[i]);
      }
      use_spares(chip, kind, mine, of.places[unit]);
    }
  }
  return of;
}

} // namespace

std::string_view to_string(fault_outcome outcome) {
  switch (outcome) {
  case fault_outcome::kept:
    return "kept";
  case fault_outcome::remapped:
    return "remapped";
  case fault_outcome::skipped:
    return "skipped";
  case fault_outcome::unused:
    return "unused";
  }
  return "";
}

damage damage_of(const architecture& chip) {
  if (chip.run.optics != optics_mode::physical) {
    return {};
  }
  const auto listed = parse_fault_list(chip);
  return {damage_of_array(chip, array_kind::conv, listed), damage_of_array(chip, array_kind::fc, listed)};
}

} // namespace sonic::config
