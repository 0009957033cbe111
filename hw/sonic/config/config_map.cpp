// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/config_map.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace sonic::config {

config_map::config_map(const document& from, const document_node& map, std::string path,
                       const std::vector<std::string_view>& known)
    : from_(from), map_(map), path_(std::move(path)) {
  if (map.is != document_node::type::map) {
    throw core::user_error(locate(from.where(map.at), path_.empty() ? "the file" : path_), "is not a map",
                           "expected a map of keys");
  }
  for (std::size_t i = 0; i < map.members.size(); ++i) {
    const auto& member = map.members[i];
    if (!known.empty() && std::find(known.begin(), known.end(), member.key) == known.end()) {
      throw core::user_error(locate(from.where(member.at), shown(this->path(member.key))), "unknown key",
                             fmt::format("expected one of {}", fmt::join(known, ", ")));
    }
    for (std::size_t before = 0; before < i; ++before) {
      if (map.members[before].key == member.key) {
        throw core::user_error(locate(from.where(member.at), shown(this->path(member.key))),
                               fmt::format("given twice, first in line {}", map.members[before].at.line),
                               "expected each key once");
      }
    }
  }
}

std::string config_map::path(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const document_member* config_map::find(std::string_view key) const {
  const auto found =
      std::find_if(map_.members.begin(), map_.members.end(), [&](const auto& member) { return member.key == key; });
  return found == map_.members.end() ? nullptr : &*found;
}

std::string config_map::where(std::string_view key) const {
  const auto* member = find(key);
  return locate(from_.where(member ? member->value.at : map_.at), shown(path(key)));
}

void config_map::refuse(std::string_view key, std::string_view problem, std::string_view right) const {
  throw core::user_error(where(key), problem, right);
}

const document_member& config_map::required(std::string_view key) const {
  const auto* member = find(key);
  if (member == nullptr) {
    refuse(key, "missing", "expected this key");
  }
  return *member;
}

config_map config_map::section(std::string_view key, const std::vector<std::string_view>& known) const {
  return {from_, required(key).value, path(key), known};
}

std::vector<config_map> config_map::sections(std::string_view key, const std::vector<std::string_view>& known) const {
  std::vector<config_map> found;
  if (find(key) == nullptr) {
    return found;
  }
  const config_map outer(from_, required(key).value, path(key), {});
  for (const auto& member : outer.map_.members) {
    const bool word = !member.key.empty() && std::all_of(member.key.begin(), member.key.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '_';
    });
    if (!word) {
      outer.refuse(member.key, "is not a name", "expected letters, digits and underscores");
    }
    found.emplace_back(from_, member.value, outer.path(member.key), known);
  }
  return found;
}

const std::string& config_map::text(std::string_view key) const {
  const auto& value = required(key).value;
  if (value.is != document_node::type::scalar || value.text.empty()) {
    refuse(key, "is not a plain value", "expected a word");
  }
  return value.text;
}

bool config_map::is_list(std::string_view key) const {
  return required(key).value.is == document_node::type::list;
}

std::vector<std::string> config_map::list(std::string_view key) const {
  const auto& value = required(key).value;
  if (value.is != document_node::type::list || value.members.empty()) {
    refuse(key, "is not a list", "expected plain values: [a, b, c]");
  }
  std::vector<std::string> all;
  for (const auto& item : value.members) {
    if (item.value.is != document_node::type::scalar || item.value.text.empty()) {
      throw core::user_error(locate(from_.where(item.at), shown(path(key))), "is not a list of plain values",
                             "expected [a, b, c]");
    }
    all.push_back(item.value.text);
  }
  return all;
}

std::vector<std::string> config_map::keys() const {
  std::vector<std::string> all;
  for (const auto& member : map_.members) {
    all.push_back(member.key);
  }
  return all;
}

std::size_t config_map::choice(std::string_view key, const std::vector<std::string_view>& words) const {
  const auto found = std::find(words.begin(), words.end(), text(key));
  if (found == words.end()) {
    refuse(key, in_quotes(text(key)) + " is not a choice", fmt::format("expected one of {}", fmt::join(words, ", ")));
  }
  return static_cast<std::size_t>(found - words.begin());
}

double config_map::number(std::string_view key, dimension measure, double low, double high) const {
  std::string problem;
  const auto parsed = parse_quantity(text(key), measure, problem);
  if (!problem.empty()) {
    refuse(key, problem, "expected " + expected_quantity(measure));
  }
  if (parsed.value < low || parsed.value > high) {
    refuse(key, parsed.text + " is out of range",
           fmt::format("expected {} to {}{}{}", low, high, base_unit(measure).empty() ? "" : " ", base_unit(measure)));
  }
  return parsed.value;
}

sourced_number config_map::sourced(std::string_view key, dimension measure, double low, double high) const {
  if (required(key).value.is != document_node::type::map) {
    refuse(key, "does not say where it comes from", "expected {value: ..., kind: ..., source: ...}");
  }
  const auto parts = section(key, {"value", "kind", "source"});
  static const std::vector<std::string_view> kinds{"published", "derived", "estimated"};
  sourced_number found;
  found.value = parts.number("value", measure, low, high);
  found.from = {path(key), parts.text("value"), static_cast<source_kind>(parts.choice("kind", kinds)),
                parts.text("source"), where(key)};
  return found;
}

unsigned int config_map::count(std::string_view key, unsigned int low, unsigned int high) const {
  std::string problem;
  const auto parsed = parse_quantity(text(key), dimension::count, problem);
  if (!problem.empty() || parsed.value < low || parsed.value > high) {
    refuse(key, in_quotes(text(key)) + " is not possible",
           fmt::format("expected a whole number from {} to {}", low, high));
  }
  return static_cast<unsigned int>(parsed.value);
}

std::uint32_t config_map::address(std::string_view key, std::uint32_t alignment) const {
  constexpr int hexadecimal = 16;
  constexpr int decimal = 10;
  const std::string& written = text(key);
  const bool prefixed = written.starts_with("0x") || written.starts_with("0X");
  const char* first = written.data() + (prefixed ? 2 : 0);
  const char* last = written.data() + written.size();
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(first, last, value, prefixed ? hexadecimal : decimal);
  if (error != std::errc{} || end != last || value % alignment != 0) {
    refuse(key, in_quotes(written) + " is not possible",
           fmt::format("expected a 32-bit address, a multiple of {:#x}, such as 0x80000000", alignment));
  }
  return value;
}

} // namespace sonic::config
