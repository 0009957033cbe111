// SPDX-License-Identifier: Apache-2.0
#include "tb/report/svg_canvas.h"

#include <vector>

namespace sonic::report {

std::string to_svg(const scatter_chart& chart) {
  constexpr double width = 720.0, height = 480.0, left = 84.0, right = 700.0, title_height = 34.0, bottom = 424.0;
  std::vector<std::string> names;
  std::vector<double> xs, ys;
  for (const auto& s : chart.series) {
    names.push_back(s.name);
    for (const auto& p : s.points) {
      xs.push_back(p.x);
      ys.push_back(p.y);
    }
  }
  svg_canvas canvas(width, height, chart.title);
  canvas.text(width / 2, 22.0, chart.title, {"middle", 15.0, 0.0});
  canvas.legend(left, title_height, right - left, names, "");
  const double top = title_height + svg_canvas::legend_height(right - left, names, "") + 8.0;
  const chart_scale x(chart.x, xs, false, left, right);
  const chart_scale y(chart.y, ys, false, bottom, top);
  canvas.horizontal_axis(x, chart.x, top, bottom);
  canvas.vertical_axis(y, chart.y, left, right);
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const auto& s = chart.series[i];
    const chart_point* before = nullptr;
    for (const auto& p : s.points) {
      if (!x.shows(p.x) || !y.shows(p.y)) {
        continue;
      }
      if (s.joined && before != nullptr) {
        canvas.line(x.at(before->x), y.at(before->y), x.at(p.x), y.at(p.y), colour_of(i), 1.5);
      }
      before = &p;
    }
    for (const auto& p : s.points) {
      if (!x.shows(p.x) || !y.shows(p.y)) {
        continue;
      }
      const std::string where = short_number(p.x) + ", " + short_number(p.y);
      canvas.dot(x.at(p.x), y.at(p.y), colour_of(i), p.label.empty() ? where : p.label + ": " + where);
      if (!p.label.empty()) {
        canvas.text(x.at(p.x) + 7.0, y.at(p.y) - 6.0, p.label, {"start", 11.0, 0.0});
      }
    }
  }
  return canvas.finish();
}

} // namespace sonic::report
