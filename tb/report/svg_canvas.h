// SPDX-License-Identifier: Apache-2.0
// What all charts of svg.h are drawn with.
#pragma once

#include "tb/report/svg.h"

#include <string>
#include <string_view>
#include <vector>

namespace sonic::report {

/// Values to pixels, with ticks at round values.
class chart_scale {
public:
  /// @param values all that must be on it; those that it cannot show are not looked at
  /// @param from_zero a linear axis begins at 0
  /// @param begin, end pixels of its ends
  chart_scale(const chart_axis& axis, const std::vector<double>& values, bool from_zero, double begin, double end);

  [[nodiscard]] bool shows(double value) const;
  [[nodiscard]] double at(double value) const;
  /// Pixel of the lowest value.
  [[nodiscard]] double base() const { return begin_; }
  [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

private:
  void find_linear_ticks();
  void find_logarithmic_ticks();

  bool logarithmic_;
  double low_ = 0.0, high_ = 1.0, begin_, end_;
  std::vector<double> ticks_;
};

/// A white page on which shapes are put one after the other.
class svg_canvas {
public:
  struct style {
    std::string_view anchor = "middle"; ///< of a text: start, middle or end
    double size = 12.0;
    double turned = 0.0; ///< degrees
  };

  svg_canvas(double width, double height, std::string_view title);

  void text(double x, double y, std::string_view words, const style& how);
  void line(double x1, double y1, double x2, double y2, std::string_view colour, double width);
  /// @param words shown where the pointer rests on it
  void box(double x, double y, double width, double height, std::string_view colour, std::string_view words);
  void dot(double x, double y, std::string_view colour, std::string_view words);
  /// Names with their colours, in lines of at most @p width, and that of the marks.
  void legend(double x, double y, double width, const std::vector<std::string>& names, const std::string& mark);
  /// What such a legend takes.
  static double legend_height(double width, const std::vector<std::string>& names, const std::string& mark);
  /// Ticks, lines across the plot and the title of a vertical axis.
  void vertical_axis(const chart_scale& scale, const chart_axis& axis, double left, double right);
  void horizontal_axis(const chart_scale& scale, const chart_axis& axis, double top, double bottom);

  [[nodiscard]] std::string finish() const { return content_ + "</svg>\n"; }

private:
  std::string content_;
};

/// Of the series with this number; distinct for eight, as colour-blind readers see them, too (Okabe and Ito).
std::string_view colour_of(std::size_t series);

/// About, in a font of this size.
double text_width(std::string_view words, double size);

/// A value for people: six digits at most.
std::string short_number(double value);

} // namespace sonic::report
