// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace sonic::explore {

/// Of one network on one design, one frame at a time.
struct network_figures {
  double latency_ns = 0;
  double energy_pj = 0;
  double operand_bits = 0;   ///< moved, as reports count them
  double parameter_bits = 0; ///< 16 for each parameter of the network
};

/// What formulas and objectives may name. Those of networks are geometric means over the networks of a study, so that
/// no network outweighs another one and ratios of two designs do not depend on what they are normalised to.
enum class metric : std::size_t {
  latency_ns,
  fps,
  energy_pj,
  power_w,
  fps_per_watt,
  epb_operand_pj,
  epb_parameter_pj,
  area_mm2,       ///< of the chip
  fully_active_w, ///< with every device of the paper's table in use
  count
};

constexpr std::size_t metric_count = static_cast<std::size_t>(metric::count);
using metric_values = std::array<double, metric_count>;

constexpr std::array<std::string_view, metric_count> metric_names{"latency_ns",       "fps",          "energy_pj",
                                                                  "power_w",          "fps_per_watt", "epb_operand_pj",
                                                                  "epb_parameter_pj", "area_mm2",     "fully_active_w"};

constexpr double value_of(const metric_values& of, metric which) {
  return of[static_cast<std::size_t>(which)];
}

/// @param networks at least one; figures above 0
metric_values metrics_of(const std::vector<network_figures>& networks, double area_mm2, double fully_active_w);

} // namespace sonic::explore
