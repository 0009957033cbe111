// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/key_rows.h"

namespace sonic::config {

void add_areas(std::vector<key>& rows) {
  const auto add = [&rows](const char* name, dimension measure, std::string_view text,
                           double energy::device_areas::*which) {
    constexpr range um2{0, 1e12};
    rows.push_back(number_row(std::string("area.") + name, measure, um2, text,
                              [which](architecture& chip) -> double& { return chip.areas.*which; }));
  };
  using energy::device_areas;
  add("vcsel", dimension::area, "Of one laser", &device_areas::vcsel_um2);
  add("microring", dimension::area, "Of one ring, of lanes and of broadband filters", &device_areas::microring_um2);
  add("photodetector", dimension::area, "Of one photodetector", &device_areas::photodetector_um2);
  add("amplifier", dimension::area, "Of one transimpedance amplifier", &device_areas::amplifier_um2);
  add("activation_dac", dimension::area, "Of one converter of activations", &device_areas::activation_dac_um2);
  add("weight_dac", dimension::area, "Of one converter of weights, and of a broadband filter's",
      &device_areas::weight_dac_um2);
  add("adc", dimension::area, "Of one converter of sums", &device_areas::adc_um2);
  add("buffer", dimension::area_per_byte, "Of the buffers, for each byte of capacity",
      &device_areas::buffer_um2_per_byte);
  add("control", dimension::area, "Of all digital blocks but the buffers", &device_areas::control_um2);
}

} // namespace sonic::config
