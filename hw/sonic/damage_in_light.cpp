// SPDX-License-Identifier: Apache-2.0
#include "sonic/damage_in_light.h"

namespace sonic {

namespace {

void add(chip::unit_damage& to, const physics::fault& f) {
  switch (f.kind) {
  case physics::fault_kind::dead_laser:
    to.lanes.dark.push_back(f.place);
    break;
  case physics::fault_kind::stuck_ring:
    to.lanes.stuck.push_back({f.place, f.value});
    break;
  case physics::fault_kind::detuned_heater:
    to.lanes.detuned.push_back({f.place, f.value});
    break;
  case physics::fault_kind::noisy_detector:
    to.detector_noise = f.value;
    break;
  case physics::fault_kind::stuck_adc_bit:
    (f.value == 0.0 ? to.codes.zeros : to.codes.ones) |= std::uint32_t{1} << f.place;
    break;
  }
}

} // namespace

std::vector<chip::unit_damage> units_of(const config::architecture& a, config::array_kind kind,
                                        const config::array_damage& damage) {
  if (damage.faults.empty()) {
    return {};
  }
  std::vector<chip::unit_damage> units(static_cast<std::size_t>(a.array(kind).vdus));
  for (std::size_t unit = 0; unit < units.size(); ++unit) {
    units[unit].codes.width = static_cast<unsigned int>(a.devices.adc.bits);
    if (!damage.places.empty()) {
      units[unit].lanes.places = damage.places[unit];
    }
  }
  for (const auto& f : damage.faults) {
    add(units[f.unit], f.what);
  }
  return units;
}

} // namespace sonic
