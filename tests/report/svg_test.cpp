// SPDX-License-Identifier: Apache-2.0
// Charts as SVG: heights in proportion to values, axes that reach them, names that cannot break the document.
#include "tb/report/svg.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <regex>
#include <string>
#include <utility>
#include <vector>

using namespace sonic::report;

namespace {

struct box {
  double y, height;
  std::string words;
};

/// Boxes that stand for values: their words say which.
std::vector<box> boxes_of(const std::string& svg) {
  static const std::regex pattern(
      R"re(<rect x="[^"]*" y="([^"]*)" width="[^"]*" height="([^"]*)" fill="[^"]*"><title>([^<]*: [^<]*)</title></rect>)re");
  std::vector<box> found;
  for (auto at = std::sregex_iterator(svg.begin(), svg.end(), pattern); at != std::sregex_iterator(); ++at) {
    found.push_back({std::stod((*at)[1]), std::stod((*at)[2]), (*at)[3]});
  }
  return found;
}

/// Set one by one: of nested braces the compiler believes that they may be uninitialized.
bar_chart chart_of(const std::string& title, bool logarithmic, std::vector<std::string> categories,
                   std::vector<bar_series> series, bool stacked = false, const std::string& mark = "") {
  bar_chart chart;
  chart.title = title;
  chart.axis.title = title;
  chart.axis.logarithmic = logarithmic;
  chart.categories = std::move(categories);
  chart.series = std::move(series);
  chart.stacked = stacked;
  chart.mark_name = mark;
  return chart;
}

scatter_chart scatter_of(const std::string& title, bool x_logarithmic, bool y_logarithmic, point_series series) {
  scatter_chart chart;
  chart.title = title;
  chart.x.title = title;
  chart.x.logarithmic = x_logarithmic;
  chart.y.logarithmic = y_logarithmic;
  chart.series.push_back(std::move(series));
  return chart;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++times;
  }
  return times;
}

} // namespace

TEST_CASE("bars are as high as their values", "[svg]") {
  const auto chart = chart_of("ratios", false, {"one", "two"}, {{"a", {1.0, 3.0}, {}}, {"b", {2.0, 0.5}, {}}});
  const auto boxes = boxes_of(to_svg(chart));
  REQUIRE(boxes.size() == 4);
  const std::vector<double> values{1.0, 2.0, 3.0, 0.5};
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    CHECK(boxes[i].height == Approx(values[i] * boxes[0].height).epsilon(1e-3));
    CHECK(boxes[i].y + boxes[i].height == Approx(boxes[0].y + boxes[0].height)); // all stand on the axis
  }
  CHECK(boxes[1].words == "one, b: 2");
}

TEST_CASE("on a logarithmic axis equal ratios are equal steps", "[svg]") {
  const auto chart = chart_of("", true, {"one", "two", "three", "none"}, {{"a", {1.5, 15.0, 150.0, -1.0}, {}}});
  const auto boxes = boxes_of(to_svg(chart));
  REQUIRE(boxes.size() == 3); // nothing below zero can be shown
  CHECK(boxes[0].y - boxes[1].y == Approx(boxes[1].y - boxes[2].y).epsilon(1e-3));
  CHECK(boxes[0].y > boxes[1].y);
}

TEST_CASE("a stack's boxes lie on one another", "[svg]") {
  const auto chart = chart_of("", true, {"one"}, {{"a", {1.0}, {}}, {"b", {2.0}, {}}, {"c", {std::nan("")}, {}}}, true);
  const auto boxes = boxes_of(to_svg(chart));
  REQUIRE(boxes.size() == 2);
  CHECK(boxes[1].y + boxes[1].height == Approx(boxes[0].y));
  CHECK(boxes[1].height == Approx(2.0 * boxes[0].height).epsilon(1e-3));
}

TEST_CASE("a mark lies where a bar of its value would end", "[svg]") {
  const auto chart = chart_of("", false, {"one", "two"}, {{"a", {4.0, 2.0}, {2.0, std::nan("")}}}, false, "published");
  const auto svg = to_svg(chart);
  const auto boxes = boxes_of(svg);
  REQUIRE(boxes.size() == 2);
  static const std::regex pattern(
      R"re(<line x1="[^"]*" y1="([^"]*)" x2="[^"]*" y2="[^"]*" stroke="#1d2733" stroke-width="3"/>)re");
  std::vector<double> marks;
  for (auto at = std::sregex_iterator(svg.begin(), svg.end(), pattern); at != std::sregex_iterator(); ++at) {
    marks.push_back(std::stod((*at)[1]));
  }
  REQUIRE(marks.size() == 2); // the legend's and one
  CHECK(marks[1] == Approx(boxes[1].y));
  CHECK(count(svg, ">published<") == 1);
}

TEST_CASE("names cannot break the document", "[svg]") {
  const std::string bad = "<a & \"b\">";
  const auto bars = to_svg(chart_of(bad, false, {bad}, {{bad, {1.0}, {}}}, false, bad));
  const auto points = to_svg(scatter_of(bad, false, true, {bad, {{1.0, 2.0, bad}}, true}));
  for (const auto& svg : {bars, points}) {
    CHECK(count(svg, "<a") == 0);
    CHECK(count(svg, "&lt;a &amp; &quot;b&quot;&gt;") > 3);
  }
}

TEST_CASE("points of a scatter lie on both axes", "[svg]") {
  const std::vector<chart_point> points{{1.0, 0.0, ""}, {10.0, 5.0, ""}, {100.0, 10.0, ""}, {0.0, 1.0, ""}};
  const auto svg = to_svg(scatter_of("", true, false, {"a", points, true}));
  static const std::regex pattern(R"re(<circle cx="([^"]*)" cy="([^"]*)")re");
  std::vector<double> xs, ys;
  for (auto at = std::sregex_iterator(svg.begin(), svg.end(), pattern); at != std::sregex_iterator(); ++at) {
    xs.push_back(std::stod((*at)[1]));
    ys.push_back(std::stod((*at)[2]));
  }
  REQUIRE(xs.size() == 3); // 0 is on no logarithmic axis
  CHECK(xs[1] - xs[0] == Approx(xs[2] - xs[1]).epsilon(1e-4));
  CHECK(ys[0] - ys[1] == Approx(ys[1] - ys[2]).epsilon(1e-4));
}

TEST_CASE("charts of nothing, of one value and of extremes are whole documents", "[svg]") {
  const double huge = std::numeric_limits<double>::max() / 1e10;
  for (const double value : {0.0, 1.0, -3.0, 1e-12, huge, std::nan(""), std::numeric_limits<double>::infinity()}) {
    for (const bool logarithmic : {false, true}) {
      const std::vector<std::string> all{
          to_svg(chart_of("t", logarithmic, {"c"}, {{"a", {value}, {value}}}, false, "m")),
          to_svg(scatter_of("t", logarithmic, logarithmic, {"a", {{value, value, ""}}, false})),
          to_svg(chart_of("", logarithmic, {}, {})), to_svg(scatter_of("", logarithmic, logarithmic, {}))};
      for (const auto& svg : all) {
        CAPTURE(value, logarithmic, svg);
        CHECK(svg.ends_with("</svg>\n"));
        CHECK(count(svg, "\"nan") + count(svg, "\"inf") + count(svg, "\"-nan") + count(svg, "\"-inf") == 0);
        CHECK(svg.size() < 20000);
      }
    }
  }
}
