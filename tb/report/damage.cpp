// SPDX-License-Identifier: Apache-2.0
#include "tb/report/damage.h"

#include "sonic/config/damage.h"

#include <fmt/format.h>

#include <algorithm>

namespace sonic::report {

damage_report damage_report_of(const config::architecture& a) {
  damage_report found;
  found.policy = config::to_string(a.faults.policy);
  found.weight_buffer_flips = a.faults.weight_buffer_flips;
  found.activation_buffer_flips = a.faults.activation_buffer_flips;
  found.partial_sum_buffer_flips = a.faults.partial_sum_buffer_flips;
  const auto damage = config::damage_of(a);
  for (const auto* array : {&damage.conv, &damage.fc}) {
    for (const auto& f : array->faults) {
      found.faults.push_back({config::name_of_unit(f.array, f.unit), config::name_of_device(f.what),
                              std::string(physics::name_of(f.what.kind)), f.what.value,
                              std::string(config::to_string(f.outcome))});
    }
  }
  return found;
}

std::string sentence_of(const fault_line& f) {
  std::string what = f.kind;
  std::replace(what.begin(), what.end(), '_', ' ');
  const std::string how = f.kind == "stuck_ring"       ? fmt::format(" at {:.3g}", f.value)
                          : f.kind == "stuck_adc_bit"  ? fmt::format(" at {:g}", f.value)
                          : f.kind == "detuned_heater" ? fmt::format(", {:+.3g} nm", f.value)
                          : f.kind == "noisy_detector" ? fmt::format(", {:g} times", f.value)
                                                       : std::string();
  return fmt::format("{}.{}: {}{}, {}", f.unit, f.device, what, how, f.outcome);
}

} // namespace sonic::report
