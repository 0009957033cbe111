// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/faults.h"

#include "sonic/physics/counter_random.h"

#include <cmath>

namespace sonic::physics {

namespace {

constexpr unsigned int word_bits = 32;

double share_of(std::uint32_t word) {
  return std::ldexp(static_cast<double>(word), -static_cast<int>(word_bits)); // 0 to below 1
}

} // namespace

std::string_view name_of(fault_kind kind) {
  constexpr std::array<std::string_view, fault_kinds.size()> names{"dead_laser", "stuck_ring", "detuned_heater",
                                                                   "noisy_detector", "stuck_adc_bit"};
  return names.at(static_cast<std::size_t>(kind));
}

std::vector<fault> draw_faults(const fault_rates& rates, const unit_devices& devices, std::uint64_t seed,
                               std::uint64_t unit) {
  std::vector<fault> found;
  for (const auto kind : fault_kinds) {
    const auto which = static_cast<std::uint64_t>(kind);
    const double probability = rates.probability.at(which);
    if (probability <= 0.0) {
      continue;
    }
    const bool of_lanes = kind <= fault_kind::detuned_heater;
    constexpr unsigned int unit_bits = 40;
    const std::uint64_t stream = stream_of(random_purpose::faults, (which << unit_bits) | unit);
    for (std::uint32_t place = 0; place < (of_lanes ? devices.lanes : 1); ++place) {
      const auto drawn = uniform_words(seed, stream, place);
      const double chance = share_of(drawn[0]) + std::ldexp(share_of(drawn[1]), -static_cast<int>(word_bits));
      if (chance >= probability) {
        continue;
      }
      fault f{kind, place, 0.0};
      switch (kind) {
      case fault_kind::dead_laser:
        break;
      case fault_kind::stuck_ring:
        f.value = 2.0 * share_of(drawn[2]) - 1.0;
        break;
      case fault_kind::detuned_heater:
        f.value = (drawn[2] & 1U) != 0 ? rates.detuning_nm : -rates.detuning_nm;
        break;
      case fault_kind::noisy_detector:
        f.value = rates.detector_noise;
        break;
      case fault_kind::stuck_adc_bit:
        f.place = static_cast<std::uint32_t>(share_of(drawn[2]) * devices.adc_bits);
        f.value = drawn[3] & 1U;
        break;
      }
      found.push_back(f);
    }
  }
  return found;
}

} // namespace sonic::physics
