// SPDX-License-Identifier: Apache-2.0
// The table of keys: one row drives parsing, checking, the print-out of `sonic inspect` and the reference in docs/.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/config/units.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sonic::config {

/// Allowed values of a number, in its base unit.
struct range {
  double low = 0;
  double high = 0;
  bool above_low = false; ///< low itself is not allowed

  [[nodiscard]] bool contains(double value) const { return (above_low ? value > low : value >= low) && value <= high; }
};

struct number_key {
  dimension measure = dimension::ratio;
  range allowed;
  std::function<void(architecture&, double)> set;
};

struct choice_key {
  std::vector<std::string_view> words;
  std::function<void(architecture&, std::size_t)> set;
};

struct text_key {
  std::function<void(architecture&, std::string)> set;
};

struct key {
  std::string path;
  std::string_view description;
  std::optional<std::string_view> fallback; ///< without one, the key is required
  std::variant<number_key, choice_key, text_key> what;

  /// Numbers state where they come from; a seed does not.
  [[nodiscard]] bool needs_source() const;
};

struct section {
  std::string_view path;
  std::string_view description;
};

/// In the order in which they are documented; keys of a section follow one another.
const std::vector<key>& key_table();
const std::vector<section>& section_table();

/// "from 1 to 4096", "above 0 and at most 1000 ns"
std::string to_string(const range& allowed, dimension measure);

/// What the key takes, for messages and the reference.
std::string expected_value(const key& row);

} // namespace sonic::config
