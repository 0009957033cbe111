// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/suggest.h"

#include "sonic/config/keys.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sonic::config {

namespace {

constexpr std::size_t longest_word = 64;

/// Names that may stand in a section, each once, in the table's order.
std::vector<std::string> names_in(std::string_view section) {
  std::vector<std::string> names;
  const std::string prefix = section.empty() ? "" : std::string(section) + ".";
  for (const key& row : key_table()) {
    if (row.path.starts_with(prefix)) {
      const std::string name = row.path.substr(prefix.size(), row.path.find('.', prefix.size()) - prefix.size());
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  if (section.empty()) {
    names.emplace_back("base");
  }
  return names;
}

/// A key or section of the table that ends in @p word, somewhere else; empty if there is none.
std::string same_word_elsewhere(std::string_view word) {
  const std::string ending = std::string(".").append(word);
  for (const key& row : key_table()) {
    const auto at = std::string(row.path).append(".").find(std::string(ending).append("."));
    if (at != std::string::npos) {
      return row.path.substr(0, at + ending.size());
    }
  }
  return {};
}

} // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string suggest_key(std::string_view section, std::string_view word) {
  const std::vector<std::string> names = names_in(section);
  const std::string prefix = section.empty() ? "" : std::string(section) + ".";
  if (word.size() <= longest_word) {
    const auto nearest = std::min_element(names.begin(), names.end(), [&](const auto& left, const auto& right) {
      return edit_distance(word, left) < edit_distance(word, right);
    });
    if (edit_distance(word, *nearest) <= std::max<std::size_t>(2, nearest->size() / 3)) {
      return "did you mean '" + prefix + *nearest + "'?";
    }
    if (const std::string elsewhere = same_word_elsewhere(word); !elsewhere.empty()) {
      return "did you mean '" + elsewhere + "'?";
    }
  }
  std::string text = "expected one of ";
  for (std::size_t index = 0; index < names.size(); ++index) {
    text.append(index == 0 ? "" : ", ").append(names[index]);
  }
  return text;
}

} // namespace sonic::config
