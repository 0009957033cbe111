// SPDX-License-Identifier: Apache-2.0
// Area as counted devices times area per device. docs/area.md derives every line and names its source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sonic::energy {

/// Of one device each, in um2 of chip; 0: not counted.
struct device_areas {
  double vcsel_um2 = 0, microring_um2 = 0, photodetector_um2 = 0, amplifier_um2 = 0;
  double activation_dac_um2 = 0, weight_dac_um2 = 0, adc_um2 = 0;
  double buffer_um2_per_byte = 0;
  double control_um2 = 0; ///< command processor, DMA engine, decoder, accumulator and post-processor together

  bool operator==(const device_areas&) const = default;
};

/// What a chip is built of.
struct device_counts {
  std::uint64_t vcsels = 0, microrings = 0, photodetectors = 0, amplifiers = 0;
  std::uint64_t activation_dacs = 0, weight_dacs = 0, adcs = 0;
  std::uint64_t global_buffer_bytes = 0, weight_buffer_bytes = 0, activation_buffer_bytes = 0,
                partial_sum_buffer_bytes = 0;
};

struct area_line {
  std::string device;
  double mm2 = 0;
};

/// In the order of the light, then the memories, then control; every class has a line.
std::vector<area_line> area_of(const device_areas& areas, const device_counts& counts);

double total_mm2(const std::vector<area_line>& lines);
/// The same without making lines.
double total_mm2(const device_areas& areas, const device_counts& counts);

} // namespace sonic::energy
