// SPDX-License-Identifier: Apache-2.0
// The table of keys in words: the configuration in force, and the reference.
#include "sonic/config/keys.h"
#include "sonic/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sonic::config {

namespace {

std::size_t depth_of(std::string_view path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '.'));
}

std::string_view last_word(std::string_view path) {
  return path.substr(path.find_last_of('.') + 1);
}

/// A YAML double-quoted scalar.
std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += c;
    }
  }
  return out + "\"";
}

/// @p text as comment lines of at most 120 columns.
std::string comment(const std::string& indent, std::string_view text) {
  constexpr std::size_t columns = 120;
  const std::size_t room = columns - indent.size() - 2;
  std::string out;
  while (!text.empty()) {
    std::size_t length = text.size();
    if (length > room) {
      length = text.rfind(' ', room); // no word of the table is as long as a line
    }
    out.append(indent).append("# ").append(text.substr(0, length)).append("\n");
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return out;
}

/// What a value may be: range or choices; empty for a text.
std::string allowed_values(const key& row) {
  if (const auto* number = std::get_if<number_key>(&row.what)) {
    return to_string(number->allowed, number->measure);
  }
  return std::holds_alternative<choice_key>(row.what) ? expected_value(row) : "any text";
}

/// Calls @p open for each section before its first key.
template <class function>
void for_new_sections(std::string_view path, std::set<std::string_view>& seen, function open) {
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    if (seen.insert(path.substr(0, dot)).second) {
      open(path.substr(0, dot));
    }
  }
}

std::string_view section_description(std::string_view path) {
  const auto& sections = section_table();
  const auto row =
      std::find_if(sections.begin(), sections.end(), [&](const section& each) { return each.path == path; });
  return row == sections.end() ? std::string_view{} : row->description;
}

std::string value_in_force(const key& row, const provenance& record) {
  const std::string value = std::holds_alternative<text_key>(row.what) ? yaml_quoted(record.text) : record.text;
  return record.source.empty() ? value
                               : fmt::format("{{value: {}, kind: {}, source: {}}}", value, to_string(record.kind),
                                             yaml_quoted(record.source));
}

} // namespace

std::string effective_yaml(const architecture& chip) {
  std::string out;
  std::set<std::string_view> seen;
  for (std::size_t index = 0; index < key_table().size(); ++index) {
    const key& row = key_table()[index];
    const provenance& record = chip.keys.at(index);
    for_new_sections(row.path, seen, [&](std::string_view section) {
      const std::string indent(2 * depth_of(section), ' ');
      out += fmt::format("\n{}# {}\n{}{}:\n", indent, section_description(section), indent, last_word(section));
    });
    const std::string indent(2 * depth_of(row.path), ' ');
    const std::string remark = record.kind == source_kind::defaulted                        ? "; default"
                               : record.kind == source_kind::unstated && row.needs_source() ? "; no source given"
                                                                                            : "";
    out += comment(indent, fmt::format("{} [{}{}]", row.description, allowed_values(row), remark));
    out += fmt::format("{}{}: {}\n", indent, last_word(row.path), value_in_force(row, record));
  }
  return out;
}

std::string key_reference_markdown() {
  std::string out = "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
                    "<!-- Generated from the table of keys in hw/sonic/config; do not edit. -->\n"
                    "# Configuration keys\n\n"
                    "How files, units and sources work: [configuration](configuration.md).\n";
  std::string open_section = "-";
  for (const key& row : key_table()) {
    const auto dot = row.path.find_last_of('.');
    const std::string section = dot == std::string::npos ? "" : row.path.substr(0, dot);
    if (section != open_section) {
      open_section = section;
      out += section.empty() ? std::string("\n## Top level\n\n")
                             : fmt::format("\n## {}\n\n{}.\n\n", section, section_description(section));
      out += "| key | value | default | meaning |\n|---|---|---|---|\n";
    }
    out += fmt::format("| {} | {} | {} | {} |\n", last_word(row.path), allowed_values(row),
                       row.fallback.value_or("required"), row.description);
  }
  return out;
}

} // namespace sonic::config
