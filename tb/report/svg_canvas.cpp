// SPDX-License-Identifier: Apache-2.0
#include "tb/report/svg_canvas.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace sonic::report {

namespace {

constexpr std::string_view ink = "#1d2733";
constexpr std::string_view faint = "#d8dee4";

constexpr double font_size = 12.0, swatch = 12.0, legend_line = 18.0;

struct place {
  double x, y;
};

/// Of each name and then of the mark, from the legend's corner.
std::vector<place> legend_places(double width, const std::vector<std::string>& names, const std::string& mark) {
  std::vector<place> places;
  place next{0.0, 0.0};
  const auto add = [&](const std::string& name) {
    constexpr double gap = 20.0;
    const double needed = swatch + text_width(name, font_size) + gap;
    if (next.x > 0.0 && next.x + needed > width) {
      next = {0.0, next.y + legend_line};
    }
    places.push_back(next);
    next.x += needed;
  };
  std::for_each(names.begin(), names.end(), add);
  if (!mark.empty()) {
    add(mark);
  }
  return places;
}

std::string escaped(std::string_view words) {
  std::string safe;
  for (const char c : words) {
    switch (c) {
    case '&':
      safe += "&amp;";
      break;
    case '<':
      safe += "&lt;";
      break;
    case '>':
      safe += "&gt;";
      break;
    case '"':
      safe += "&quot;";
      break;
    default:
      safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return safe;
}

} // namespace

chart_scale::chart_scale(const chart_axis& axis, const std::vector<double>& values, bool from_zero, double begin,
                         double end)
    : logarithmic_(axis.logarithmic), begin_(begin), end_(end) {
  std::vector<double> shown;
  std::copy_if(values.begin(), values.end(), std::back_inserter(shown), [this](double v) { return shows(v); });
  if (!shown.empty()) {
    low_ = *std::min_element(shown.begin(), shown.end());
    high_ = *std::max_element(shown.begin(), shown.end());
  } else {
    low_ = logarithmic_ ? 1.0 : 0.0;
    high_ = logarithmic_ ? 10.0 : 1.0;
  }
  if (logarithmic_) {
    find_logarithmic_ticks();
    return;
  }
  if (from_zero) {
    low_ = std::min(low_, 0.0);
    high_ = std::max(high_, 0.0);
  }
  find_linear_ticks();
}

void chart_scale::find_linear_ticks() {
  if (high_ <= low_) {
    const double room = low_ == 0.0 ? 1.0 : std::abs(low_);
    low_ -= low_ == 0.0 ? 0.0 : room;
    high_ += room;
  }
  constexpr double wanted = 5.0;
  const double rough = (high_ - low_) / wanted;
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10.0 * decade;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * decade >= rough) {
      step = factor * decade;
      break;
    }
  }
  const double first = std::floor(low_ / step);
  const double last = std::ceil(high_ / step);
  for (double i = first; i <= last; ++i) {
    ticks_.push_back(i * step);
  }
  low_ = ticks_.front();
  high_ = ticks_.back();
}

void chart_scale::find_logarithmic_ticks() {
  const double first = std::floor(std::log10(low_) + 1e-12);
  const double last = std::max(std::ceil(std::log10(high_) - 1e-12), first + 1.0);
  const bool few = last - first <= 2.0;
  for (double decade = first; decade <= last; ++decade) {
    ticks_.push_back(std::pow(10.0, decade));
    if (few && decade < last) {
      ticks_.push_back(2.0 * std::pow(10.0, decade));
      ticks_.push_back(5.0 * std::pow(10.0, decade));
    }
  }
  low_ = ticks_.front();
  high_ = ticks_.back();
}

bool chart_scale::shows(double value) const {
  return std::isfinite(value) && (!logarithmic_ || value > 0.0);
}

double chart_scale::at(double value) const {
  const double part = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_) : (value - low_) / (high_ - low_);
  return begin_ + part * (end_ - begin_);
}

svg_canvas::svg_canvas(double width, double height, std::string_view title)
    : content_(
          fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.6g} {1:.6g}\" width=\"{0:.6g}\" "
                      "height=\"{1:.6g}\" font-family=\"system-ui, sans-serif\" role=\"img\">\n<title>{2}</title>\n"
                      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
                      width, height, escaped(title))) {}

void svg_canvas::text(double x, double y, std::string_view words, const style& how) {
  const std::string turn =
      how.turned == 0.0 ? "" : fmt::format(" transform=\"rotate({:.6g} {:.6g} {:.6g})\"", how.turned, x, y);
  content_ +=
      fmt::format("<text x=\"{:.6g}\" y=\"{:.6g}\" font-size=\"{:.6g}\" text-anchor=\"{}\" fill=\"{}\"{}>{}</text>\n",
                  x, y, how.size, how.anchor, ink, turn, escaped(words));
}

void svg_canvas::line(double x1, double y1, double x2, double y2, std::string_view colour, double width) {
  content_ += fmt::format("<line x1=\"{:.6g}\" y1=\"{:.6g}\" x2=\"{:.6g}\" y2=\"{:.6g}\" stroke=\"{}\" "
                          "stroke-width=\"{:.6g}\"/>\n",
                          x1, y1, x2, y2, colour, width);
}

void svg_canvas::box(double x, double y, double width, double height, std::string_view colour, std::string_view words) {
  content_ += fmt::format("<rect x=\"{:.6g}\" y=\"{:.6g}\" width=\"{:.6g}\" height=\"{:.6g}\" fill=\"{}\">"
                          "<title>{}</title></rect>\n",
                          x, y, width, height, colour, escaped(words));
}

void svg_canvas::dot(double x, double y, std::string_view colour, std::string_view words) {
  content_ += fmt::format("<circle cx=\"{:.6g}\" cy=\"{:.6g}\" r=\"4\" fill=\"{}\"><title>{}</title></circle>\n", x, y,
                          colour, escaped(words));
}

void svg_canvas::legend(double x, double y, double width, const std::vector<std::string>& names,
                        const std::string& mark) {
  const auto places = legend_places(width, names, mark);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double left = x + places[i].x;
    const double top = y + places[i].y;
    const bool is_mark = i == names.size();
    if (is_mark) {
      line(left, top + swatch / 2, left + swatch, top + swatch / 2, ink, 3.0);
    } else {
      box(left, top, swatch, swatch, colour_of(i), names[i]);
    }
    text(left + swatch + 4.0, top + 10.0, is_mark ? mark : names[i], {"start", font_size, 0.0});
  }
}

double svg_canvas::legend_height(double width, const std::vector<std::string>& names, const std::string& mark) {
  const auto places = legend_places(width, names, mark);
  return places.empty() ? 0.0 : places.back().y + legend_line;
}

void svg_canvas::vertical_axis(const chart_scale& scale, const chart_axis& axis, double left, double right) {
  for (const double tick : scale.ticks()) {
    const double y = scale.at(tick);
    line(left, y, right, y, faint, 1.0);
    text(left - 6.0, y + 4.0, short_number(tick), {"end", 12.0, 0.0});
  }
  const double middle = (scale.at(scale.ticks().front()) + scale.at(scale.ticks().back())) / 2;
  text(16.0, middle, axis.title, {"middle", 12.0, -90.0});
}

void svg_canvas::horizontal_axis(const chart_scale& scale, const chart_axis& axis, double top, double bottom) {
  for (const double tick : scale.ticks()) {
    const double x = scale.at(tick);
    line(x, top, x, bottom, faint, 1.0);
    text(x, bottom + 16.0, short_number(tick), {"middle", 12.0, 0.0});
  }
  const double middle = (scale.at(scale.ticks().front()) + scale.at(scale.ticks().back())) / 2;
  text(middle, bottom + 36.0, axis.title, {"middle", 12.0, 0.0});
}

std::string_view colour_of(std::size_t series) {
  static constexpr std::array<std::string_view, 8> colours{"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                                           "#56b4e9", "#d55e00", "#b8a800", "#5b6875"};
  return colours.at(series % colours.size());
}

double text_width(std::string_view words, double size) {
  constexpr double mean_width = 0.58; // of a letter, over the font's size
  return mean_width * size * static_cast<double>(words.size());
}

std::string short_number(double value) {
  return fmt::format("{:.6g}", value);
}

} // namespace sonic::report
