// SPDX-License-Identifier: Apache-2.0
#include "sonic/energy/area.h"

#include <array>
#include <numeric>
#include <string_view>

namespace sonic::energy {

namespace {

constexpr double mm2_per_um2 = 1e-6;

struct part {
  std::string_view device;
  double um2 = 0;
};

std::array<part, 12> parts_of(const device_areas& a, const device_counts& n) {
  const auto all = [](double one_um2, std::uint64_t count) { return one_um2 * static_cast<double>(count); };
  return {{{"vcsel", all(a.vcsel_um2, n.vcsels)},
           {"microring", all(a.microring_um2, n.microrings)},
           {"photodetector", all(a.photodetector_um2, n.photodetectors)},
           {"transimpedance_amplifier", all(a.amplifier_um2, n.amplifiers)},
           {"activation_dac", all(a.activation_dac_um2, n.activation_dacs)},
           {"weight_dac", all(a.weight_dac_um2, n.weight_dacs)},
           {"adc", all(a.adc_um2, n.adcs)},
           {"global_buffer", all(a.buffer_um2_per_byte, n.global_buffer_bytes)},
           {"weight_buffer", all(a.buffer_um2_per_byte, n.weight_buffer_bytes)},
           {"activation_buffer", all(a.buffer_um2_per_byte, n.activation_buffer_bytes)},
           {"partial_sum_buffer", all(a.buffer_um2_per_byte, n.partial_sum_buffer_bytes)},
           {"control", a.control_um2}}};
}

} // namespace

std::vector<area_line> area_of(const device_areas& areas, const device_counts& counts) {
  std::vector<area_line> lines;
  for (const auto& [device, um2] : parts_of(areas, counts)) {
    lines.push_back({std::string(device), um2 * mm2_per_um2});
  }
  return lines;
}

double total_mm2(const std::vector<area_line>& lines) {
  return std::accumulate(lines.begin(), lines.end(), 0.0, [](double sum, const area_line& l) { return sum + l.mm2; });
}

double total_mm2(const device_areas& areas, const device_counts& counts) {
  double um2 = 0;
  for (const auto& each : parts_of(areas, counts)) {
    um2 += each.um2;
  }
  return um2 * mm2_per_um2;
}

} // namespace sonic::energy
