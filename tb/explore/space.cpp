// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/space.h"

#include "sonic/config/keys.h"
#include "sonic/core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <variant>

namespace sonic::explore {

namespace {

using config::config_map;
using config::key;

constexpr std::size_t most_choices = 100000;

const key& row_of(const config_map& map, const std::string& path) {
  const auto& rows = config::key_table();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const key& row) { return row.path == path; });
  if (found == rows.end()) {
    map.refuse(path, "unknown key", "expected a key of the configuration, such as conv_array.vdus; see sonic inspect");
  }
  if (std::holds_alternative<config::text_key>(found->what)) {
    map.refuse(path, "takes any text", "expected a key with a number or a choice");
  }
  return *found;
}

axis::choice number_choice(const config_map& map, const key& row, const std::string& text) {
  const auto& number = std::get<config::number_key>(row.what);
  std::string problem;
  const auto parsed = config::parse_quantity(text, number.measure, problem);
  if (!problem.empty()) {
    map.refuse(row.path, problem, "expected " + config::expected_value(row));
  }
  if (!number.allowed.contains(parsed.value)) {
    map.refuse(row.path, parsed.text + " is out of range",
               "expected " + config::to_string(number.allowed, number.measure));
  }
  return {parsed.text, parsed.value,
          [set = number.set, value = parsed.value](config::architecture& chip) { set(chip, value); }};
}

axis::choice choice_of(const config_map& map, const key& row, const std::string& text) {
  const auto* words = std::get_if<config::choice_key>(&row.what);
  if (words == nullptr) {
    return number_choice(map, row, text);
  }
  const auto word = std::find(words->words.begin(), words->words.end(), text);
  if (word == words->words.end()) {
    map.refuse(row.path, config::in_quotes(text) + " is not a choice", "expected " + config::expected_value(row));
  }
  const auto index = static_cast<std::size_t>(word - words->words.begin());
  return {text, static_cast<double>(index),
          [set = words->set, index](config::architecture& chip) { set(chip, index); }};
}

/// A number as short as it is exact, with the unit of @p like.
std::string with_unit_of(const axis::choice& like, double value, double scale) {
  const auto blank = like.text.find(' ');
  const std::string unit = blank == std::string::npos ? "" : like.text.substr(blank);
  return fmt::format("{:.12g}{}", value / scale, unit);
}

std::vector<axis::choice> range_of(const config_map& map, const key& row) {
  const auto* number = std::get_if<config::number_key>(&row.what);
  if (number == nullptr) {
    map.refuse(row.path, "is a choice of words", "expected a list of them");
  }
  const auto range = map.section(row.path, {"from", "to", "step", "factor"});
  const auto first = number_choice(map, row, range.text("from"));
  const auto last = number_choice(map, row, range.text("to"));
  const bool grows = range.has("factor");
  if (grows == range.has("step")) {
    map.refuse(row.path, "has no step", "expected either step or factor beside from and to");
  }
  double step = 0.0;
  if (grows) {
    constexpr double least_factor = 1.001;
    step = range.number("factor", config::dimension::ratio, least_factor, 1e9);
  } else {
    std::string problem;
    step = config::parse_quantity(range.text("step"), number->measure, problem).value;
    if (!problem.empty() || !(step > 0.0)) {
      range.refuse("step", problem.empty() ? "is not above 0" : problem, "expected a step up");
    }
  }
  if (last.number < first.number || (grows && first.number <= 0.0)) {
    map.refuse(row.path, "has no value", "expected to at or above from, and from above 0 with a factor");
  }
  // What `from` is written in: its number over its base unit.
  const double scale = first.number == 0.0 ? 1.0 : first.number / std::stod(first.text);
  const bool whole = number->measure == config::dimension::count || number->measure == config::dimension::bits ||
                     number->measure == config::dimension::size;
  std::vector<axis::choice> choices;
  constexpr double rounding = 1e-9; // of sums of steps
  for (std::size_t i = 0;; ++i) {
    const auto n = static_cast<double>(i);
    double value = grows ? first.number * std::pow(step, n) : first.number + step * n;
    value = whole ? std::round(value) : value;
    if (value > last.number * (1.0 + rounding) + (last.number == 0.0 ? rounding : 0.0)) {
      break;
    }
    if (choices.size() == most_choices) {
      map.refuse(row.path, fmt::format("has more than {} values", most_choices), "expected a larger step");
    }
    auto next = number_choice(map, row, with_unit_of(first, value, scale));
    if (choices.empty() || next.number > choices.back().number) { // small factors of whole numbers repeat
      choices.push_back(std::move(next));
    }
  }
  return choices;
}

} // namespace

axis_sizes design_space::sizes() const {
  axis_sizes all;
  for (const auto& a : axes) {
    all.push_back(static_cast<std::uint32_t>(a.choices.size()));
  }
  return all;
}

std::vector<std::string> design_space::overrides(const design& chosen) const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    all.push_back(axes[i].key + "=" + axes[i].choices[chosen[i]].text);
  }
  return all;
}

void design_space::apply(const design& chosen, config::architecture& to) const {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    axes[i].choices[chosen[i]].apply(to);
  }
}

design_space read_space(const config::config_map& map) {
  design_space space;
  for (const auto& path : map.keys()) {
    const auto& row = row_of(map, path);
    axis a;
    a.key = path;
    a.words = std::holds_alternative<config::choice_key>(row.what);
    if (map.is_list(path)) {
      std::set<double> seen;
      for (const auto& text : map.list(path)) {
        a.choices.push_back(choice_of(map, row, text));
        if (!seen.insert(a.choices.back().number).second) {
          map.refuse(path, config::in_quotes(text) + " is given twice", "expected each value once");
        }
      }
    } else {
      a.choices = range_of(map, row);
    }
    space.axes.push_back(std::move(a));
  }
  if (space.axes.empty()) {
    map.refuse("space", "is empty", "expected at least one key with its values");
  }
  try {
    size_of(space.sizes());
  } catch (const core::user_error&) {
    map.refuse(space.axes.back().key, "makes it more than 2^63 designs", "expected fewer values or fewer keys");
  }
  return space;
}

} // namespace sonic::explore
