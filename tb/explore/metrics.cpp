// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/metrics.h"

#include <cmath>

namespace sonic::explore {

metric_values metrics_of(const std::vector<network_figures>& networks, double area_mm2, double fully_active_w) {
  constexpr double ns_per_s = 1e9;
  constexpr double watts_per_pj_per_ns = 1e-3;
  constexpr double frames_per_pj = 1e12; // FPS/W is the inverse of the energy of a frame in joules
  double log_latency = 0.0;
  double log_energy = 0.0;
  double log_operand = 0.0;
  double log_parameter = 0.0;
  for (const auto& n : networks) {
    log_latency += std::log(n.latency_ns);
    log_energy += std::log(n.energy_pj);
    log_operand += std::log(n.operand_bits);
    log_parameter += std::log(n.parameter_bits);
  }
  const auto count = static_cast<double>(networks.size());
  const double latency_ns = std::exp(log_latency / count);
  const double energy_pj = std::exp(log_energy / count);
  return {latency_ns,
          ns_per_s / latency_ns,
          energy_pj,
          energy_pj / latency_ns * watts_per_pj_per_ns,
          frames_per_pj / energy_pj,
          std::exp((log_energy - log_operand) / count),
          std::exp((log_energy - log_parameter) / count),
          area_mm2,
          fully_active_w};
}

} // namespace sonic::explore
