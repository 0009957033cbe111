// SPDX-License-Identifier: Apache-2.0
// Charts as SVG files that need nothing else: bars, stacks, scatter. A value that is not finite, or not above 0 on a
// logarithmic axis, is left out.
#pragma once

#include <string>
#include <vector>

namespace sonic::report {

struct chart_axis {
  std::string title;
  bool logarithmic = false;
};

/// One value for each category.
struct bar_series {
  std::string name;
  std::vector<double> values;
  std::vector<double> marks; ///< drawn as a line across the bar, such as what others published; may be empty
};

/// Bars side by side, or one on top of the other.
struct bar_chart {
  std::string title;
  chart_axis axis; ///< of the values; stacks are always linear
  std::vector<std::string> categories;
  std::vector<bar_series> series;
  bool stacked = false;
  std::string mark_name; ///< what the marks are, for the legend
};

struct chart_point {
  double x = 0.0, y = 0.0;
  std::string label; ///< shown beside it; may be empty
};

struct point_series {
  std::string name;
  std::vector<chart_point> points;
  bool joined = false; ///< by a line, in their order
};

struct scatter_chart {
  std::string title;
  chart_axis x, y;
  std::vector<point_series> series;
};

/// The chart as a complete SVG document.
std::string to_svg(const bar_chart& chart);
std::string to_svg(const scatter_chart& chart);

} // namespace sonic::report
