// SPDX-License-Identifier: Apache-2.0
#include "tb/report/svg_canvas.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sonic::report {

namespace {

constexpr double left = 84.0, right_margin = 16.0, title_height = 34.0, plot_height = 300.0;
constexpr std::string_view mark_colour = "#1d2733";

double value_of(const std::vector<double>& values, std::size_t category) {
  return category < values.size() ? values[category] : std::nan("");
}

/// What the axis must reach.
std::vector<double> extremes(const bar_chart& chart) {
  std::vector<double> all;
  std::vector<double> sums(chart.categories.size(), 0.0);
  for (const auto& s : chart.series) {
    for (std::size_t c = 0; c < chart.categories.size(); ++c) {
      const double value = value_of(s.values, c);
      sums[c] += std::isfinite(value) ? value : 0.0;
      if (!chart.stacked) {
        all.push_back(value);
      }
      all.push_back(value_of(s.marks, c));
    }
  }
  if (chart.stacked) {
    all.insert(all.end(), sums.begin(), sums.end());
  }
  return all;
}

std::string words_of(const bar_chart& chart, const bar_series& s, std::size_t category) {
  return chart.categories[category] + ", " + s.name + ": " + short_number(value_of(s.values, category));
}

/// Draws the bars of one category into [begin, begin + width].
void draw_beside(svg_canvas& canvas, const bar_chart& chart, const chart_scale& scale, std::size_t category,
                 double begin, double width) {
  const double each = width / static_cast<double>(std::max<std::size_t>(chart.series.size(), 1));
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const auto& s = chart.series[i];
    const double x = begin + static_cast<double>(i) * each;
    if (const double value = value_of(s.values, category); scale.shows(value)) {
      const double zero = chart.axis.logarithmic ? scale.base() : scale.at(0.0);
      const double top = scale.at(value);
      canvas.box(x, std::min(top, zero), each * 0.92, std::abs(zero - top), colour_of(i), words_of(chart, s, category));
    }
    if (const double mark = value_of(s.marks, category); scale.shows(mark)) {
      const double y = scale.at(mark);
      canvas.line(x - each * 0.04, y, x + each * 0.96, y, mark_colour, 3.0);
    }
  }
}

void draw_stack(svg_canvas& canvas, const bar_chart& chart, const chart_scale& scale, std::size_t category,
                double begin, double width) {
  double below = 0.0;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const double value = value_of(chart.series[i].values, category);
    if (scale.shows(value) && value > 0.0) {
      const double top = scale.at(below + value);
      canvas.box(begin, top, width, scale.at(below) - top, colour_of(i), words_of(chart, chart.series[i], category));
      below += value;
    }
  }
}

} // namespace

std::string to_svg(const bar_chart& chart) {
  constexpr double least_width = 640.0, least_category = 56.0, bar_width = 16.0;
  std::vector<std::string> names;
  double longest = 0.0;
  for (const auto& s : chart.series) {
    names.push_back(s.name);
  }
  for (const auto& c : chart.categories) {
    longest = std::max(longest, text_width(c, 12.0));
  }
  const auto categories = static_cast<double>(std::max<std::size_t>(chart.categories.size(), 1));
  const double bars = chart.stacked ? 1.0 : static_cast<double>(chart.series.size());
  const double width =
      std::max(least_width, left + right_margin + categories * std::max(least_category, bars * bar_width * 1.4));
  const double each = (width - left - right_margin) / categories;
  const bool turned = longest > each * 0.95;
  const double legend_width = width - left - right_margin;
  const double top = title_height + svg_canvas::legend_height(legend_width, names, chart.mark_name) + 8.0;
  const double bottom = top + plot_height;
  svg_canvas canvas(width, bottom + (turned ? longest * 0.75 + 24.0 : 32.0), chart.title);
  canvas.text(width / 2, 22.0, chart.title, {"middle", 15.0, 0.0});
  canvas.legend(left, title_height, legend_width, names, chart.mark_name);
  chart_axis axis = chart.axis;
  axis.logarithmic = axis.logarithmic && !chart.stacked;
  const chart_scale scale(axis, extremes(chart), true, bottom, top);
  canvas.vertical_axis(scale, axis, left, width - right_margin);
  for (std::size_t c = 0; c < chart.categories.size(); ++c) {
    const double begin = left + (static_cast<double>(c) + 0.12) * each;
    const double room = each * 0.76;
    if (chart.stacked) {
      draw_stack(canvas, chart, scale, c, begin, room);
    } else {
      draw_beside(canvas, chart, scale, c, begin, room);
    }
    const double middle = begin + room / 2;
    if (turned) {
      canvas.text(middle + 4.0, bottom + 14.0, chart.categories[c], {"end", 12.0, -45.0});
    } else {
      canvas.text(middle, bottom + 18.0, chart.categories[c], {"middle", 12.0, 0.0});
    }
  }
  canvas.line(left, bottom, width - right_margin, bottom, mark_colour, 1.0);
  return canvas.finish();
}

} // namespace sonic::report
