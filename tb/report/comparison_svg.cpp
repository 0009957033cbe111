// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"
#include "tb/report/svg.h"

#include <algorithm>
#include <cmath>

namespace sonic::report {

namespace {

/// Index of a name in a list, which gets it if it is new.
std::size_t place_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) {
    return static_cast<std::size_t>(found - names.begin());
  }
  names.push_back(name);
  return names.size() - 1;
}

} // namespace

std::string ratios_svg(const comparison_report& r) {
  bar_chart chart;
  chart.title = r.name + ": " + r.reference + " against others";
  chart.axis.title = "how many times better";
  chart.axis.logarithmic = true;
  chart.mark_name = "published";
  chart.series.resize(2);
  chart.series[0].name = "FPS/W";
  chart.series[1].name = "energy per bit";
  const double none = std::nan("");
  for (const auto& line : r.ratios) {
    const auto category = place_of(chart.categories, line.accelerator + (line.calibrated ? " (calibrated)" : ""));
    for (auto& s : chart.series) {
      s.values.resize(chart.categories.size(), none);
      s.marks.resize(chart.categories.size(), none);
    }
    auto& s = chart.series[line.kind == ratio_kind::fps_per_watt ? 0 : 1];
    s.values[category] = line.mean_of_ratios;
    s.marks[category] = line.published.value_or(none);
  }
  return to_svg(chart);
}

std::string energy_svg(const comparison_report& r) {
  bar_chart chart;
  chart.title = r.name + ": energy of a frame by device";
  chart.axis.title = "relative to all of " + r.reference;
  chart.stacked = true;
  const auto reference =
      std::find_if(r.accelerators.begin(), r.accelerators.end(), [&](const auto& a) { return a.name == r.reference; });
  std::vector<std::string> devices;
  for (std::size_t n = 0; n < r.networks.size(); ++n) {
    for (const auto& a : r.accelerators) {
      if (a.electronic) {
        continue;
      }
      const std::size_t category = chart.categories.size();
      chart.categories.push_back(r.networks[n].name + ", " + a.name);
      for (const auto& line : a.figures[n].lines) {
        const auto place = place_of(devices, line.device);
        chart.series.resize(devices.size());
        chart.series[place].values.resize(category + 1, 0.0);
        chart.series[place].values[category] = (line.dynamic_pj + line.static_pj) / reference->figures[n].energy_pj;
      }
    }
  }
  for (std::size_t i = 0; i < devices.size(); ++i) {
    chart.series[i].name = devices[i];
  }
  return to_svg(chart);
}

} // namespace sonic::report
