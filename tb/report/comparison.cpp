// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"

#include <cmath>

namespace sonic::report {

std::string to_string(ratio_kind kind) {
  return kind == ratio_kind::fps_per_watt ? "fps_per_watt" : "energy_per_bit";
}

std::string to_string(bit_kind kind) {
  return kind == bit_kind::operand ? "operand" : "parameter";
}

std::string to_string(average_kind kind) {
  return kind == average_kind::ratios ? "ratios" : "means";
}

std::string to_string(absolute_measure measure) {
  switch (measure) {
  case absolute_measure::fps_per_watt:
    return "fps_per_watt";
  case absolute_measure::gop_per_s_per_watt:
    return "gop_per_s_per_watt";
  case absolute_measure::pj_per_bit:
    break;
  }
  return "pj_per_bit";
}

std::vector<const ratio_line*> published_ratios(const comparison_report& r) {
  std::vector<const ratio_line*> lines;
  for (const auto& line : r.ratios) {
    if (line.published) {
      lines.push_back(&line);
    }
  }
  return lines;
}

double log_distance(const std::vector<double>& ratios, const std::vector<double>& published) {
  if (ratios.empty()) {
    return 0.0;
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const double distance = std::log(ratios[i] / published[i]);
    sum += distance * distance;
  }
  return std::sqrt(sum / static_cast<double>(ratios.size()));
}

} // namespace sonic::report
