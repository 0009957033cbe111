// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/contradict.h"
#include "sonic/config/fault_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sonic::config {

namespace {

using physics::fault_kind;

constexpr std::array<std::string_view, physics::fault_kinds.size()> rate_keys{
    "faults.dead_lasers", "faults.stuck_rings", "faults.detuned_heaters", "faults.noisy_detectors",
    "faults.stuck_adc_bits"};

void refuse_under_other_optics(const architecture& chip) {
  const auto refuse = [&chip](std::string_view key, std::string_view otherwise) {
    contradict(chip, key,
               fmt::format("only physical optics have faults, and run.optics is {}", to_string(chip.run.optics)),
               fmt::format("expected run.optics: physical, or {}", otherwise));
  };
  for (const auto kind : physics::fault_kinds) {
    const auto which = static_cast<std::size_t>(kind);
    if (chip.faults.rates.probability.at(which) > 0.0) {
      refuse(rate_keys.at(which), "0");
    }
  }
  const auto refuse_flips = [&](std::string_view key, double rate) {
    if (rate > 0.0) {
      refuse(key, "0");
    }
  };
  refuse_flips("faults.weight_buffer_flips", chip.faults.weight_buffer_flips);
  refuse_flips("faults.activation_buffer_flips", chip.faults.activation_buffer_flips);
  refuse_flips("faults.partial_sum_buffer_flips", chip.faults.partial_sum_buffer_flips);
  if (!parse_fault_list(chip).empty()) {
    refuse("faults.list", "none");
  }
  if (chip.faults.policy != fault_policy::none) {
    refuse("faults.policy", "none");
  }
}

/// A noisy detector has nothing to be noisy with if receivers have no noise.
void check_noise(const architecture& chip) {
  if (chip.effects.receiver_noise) {
    return;
  }
  const auto refuse = [&chip](std::string_view key) {
    contradict(chip, key, "effects.receiver_noise is off, so that a noisy detector has no noise to make larger",
               "expected effects.receiver_noise: on, or no noisy detectors");
  };
  const auto which = static_cast<std::size_t>(fault_kind::noisy_detector);
  if (chip.faults.rates.probability.at(which) > 0.0) {
    refuse(rate_keys.at(which));
  }
  const auto listed = parse_fault_list(chip);
  if (std::any_of(listed.begin(), listed.end(),
                  [](const unit_fault& f) { return f.what.kind == fault_kind::noisy_detector; })) {
    refuse("faults.list");
  }
}

} // namespace

void check_faults(const architecture& chip) {
  const bool spare = chip.faults.policy == fault_policy::spare_lanes;
  if (spare && chip.faults.spare_lanes == 0) {
    contradict(chip, "faults.spare_lanes", "faults.policy: spare_lanes has no lanes to replace any with",
               "expected at least 1");
  }
  if (!spare && chip.faults.spare_lanes > 0) {
    contradict(chip, "faults.spare_lanes",
               fmt::format("{} lanes are never used under faults.policy: {}", chip.faults.spare_lanes,
                           to_string(chip.faults.policy)),
               "expected 0, or faults.policy: spare_lanes");
  }
  if (chip.run.optics != optics_mode::physical) {
    refuse_under_other_optics(chip);
  }
  parse_fault_list(chip);
  check_noise(chip);
}

} // namespace sonic::config
