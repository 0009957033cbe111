// SPDX-License-Identifier: Apache-2.0
// Broken devices of a vector-dot-product unit: what there is, and which of a unit's devices are broken at given rates.
// What a broken device does to values: lane_damage (stationary_bank.h), stuck_bits (stuck_bits.h) and the receiver's
// noise. docs/optics.md (Faults).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sonic::physics {

enum class fault_kind : std::uint8_t { dead_laser, stuck_ring, detuned_heater, noisy_detector, stuck_adc_bit };

inline constexpr std::array<fault_kind, 5> fault_kinds{fault_kind::dead_laser, fault_kind::stuck_ring,
                                                       fault_kind::detuned_heater, fault_kind::noisy_detector,
                                                       fault_kind::stuck_adc_bit};

std::string_view name_of(fault_kind kind); ///< dead_laser and so on

struct fault {
  fault_kind kind = fault_kind::dead_laser;
  std::uint32_t place = 0; ///< a lane, or a bit of the ADC; 0 for the detector
  /// stuck_ring: what the lane's rings hold, -1 to 1; detuned_heater: nm off; noisy_detector: deviation of the
  /// receiver's noise over that of a sound one; stuck_adc_bit: 0 or 1.
  double value = 0.0;

  bool operator==(const fault&) const = default;
};

struct fault_rates {
  std::array<double, fault_kinds.size()> probability{}; ///< that one device is broken, by kind: of a lane's laser, pair
                                                        ///< of rings or pair of heaters, of a detector, of an ADC
  double detuning_nm = 0.0;                             ///< of a broken heater, to either side
  double detector_noise = 1.0;                          ///< of a noisy detector

  bool operator==(const fault_rates&) const = default;
};

struct unit_devices {
  std::uint32_t lanes = 0, adc_bits = 0;
};

/// The broken devices of one unit, by kind and place. Each device has its own draw, at the address of kind, unit and
/// place: more lanes, other rates or another order change nothing about a device, and what is broken at one rate is so
/// at each higher one. A stuck ring holds any value with the same probability; of an ADC one bit is stuck.
/// @param unit a number that no other unit of the chip has, below 2^40
std::vector<fault> draw_faults(const fault_rates& rates, const unit_devices& devices, std::uint64_t seed,
                               std::uint64_t unit);

} // namespace sonic::physics
