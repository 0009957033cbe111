// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/loader.h"

#include "sonic/config/load.h"
#include "sonic/config/suggest.h"
#include "sonic/core/error.h"

#include <algorithm>
#include <utility>

namespace sonic::config {

namespace {

constexpr std::size_t longest_chain = 16;

const key* find_key(std::string_view path) {
  const auto& table = key_table();
  const auto row = std::find_if(table.begin(), table.end(), [&](const key& each) { return each.path == path; });
  return row == table.end() ? nullptr : &*row;
}

bool is_section(std::string_view path) {
  const auto& table = key_table();
  const std::string prefix = std::string(path) + ".";
  return std::any_of(table.begin(), table.end(), [&](const key& each) { return each.path.starts_with(prefix); });
}

std::string_view noun_of(document_node::type type) {
  switch (type) {
  case document_node::type::empty:
    return "has no value";
  case document_node::type::scalar:
    return "is a plain value";
  case document_node::type::list:
    return "is a list";
  case document_node::type::map:
    return "is a map";
  }
  return "";
}

[[noreturn]] void refuse(const document& from, position at, const std::string& path, std::string_view problem,
                         std::string_view right) {
  throw core::user_error(locate(from.where(at), shown(path)), problem, right);
}

/// The text of @p name inside a {value, source, kind} map, or nullptr.
const document_member* find_member(const document_node& map, std::string_view name) {
  const auto member = std::find_if(map.members.begin(), map.members.end(),
                                   [&](const document_member& each) { return each.key == name; });
  return member == map.members.end() ? nullptr : &*member;
}

/// Calls @p take for each member of a map, refusing a key that is given twice.
template <class function>
void for_each_member(const document& from, const document_node& map, const std::string& section, function take) {
  std::map<std::string_view, int> seen;
  for (const document_member& member : map.members) {
    const std::string path = section.empty() ? member.key : section + "." + member.key;
    const auto [first, is_new] = seen.emplace(member.key, member.at.line);
    if (!is_new) {
      refuse(from, member.at, path,
             from.has_positions ? "given twice, first in line " + std::to_string(first->second) : "given twice",
             "expected each key once");
    }
    take(member, path);
  }
}

} // namespace

void loader::apply_file(const std::filesystem::path& path) {
  if (file_.empty()) {
    file_ = path.string();
  }
  const document from = read_document(path);
  if (from.root.is != document_node::type::map) {
    refuse(from, from.root.at, "the configuration", noun_of(from.root.is), "expected a map of keys");
  }
  std::error_code error;
  chain_.push_back(std::filesystem::weakly_canonical(path, error));
  if (const document_member* base = find_member(from.root, "base")) {
    if (base->value.is != document_node::type::scalar || base->value.text.empty()) {
      refuse(from, base->value.at, "base", "is not a file name", "expected the file to start from");
    }
    const auto next = path.parent_path() / base->value.text;
    const auto next_canonical = std::filesystem::weakly_canonical(next, error);
    if (error || !std::filesystem::is_regular_file(next_canonical, error)) {
      refuse(from, base->value.at, "base", std::string("there is no file ").append(in_quotes(base->value.text)),
             "expected a file, relative to the folder of this one");
    }
    if (std::find(chain_.begin(), chain_.end(), next_canonical) != chain_.end()) {
      refuse(from, base->value.at, "base", in_quotes(base->value.text) + " starts from this file again",
             "expected files that do not form a circle");
    }
    if (chain_.size() == longest_chain) {
      refuse(from, base->value.at, "base", "too many files start from each other",
             "expected at most " + std::to_string(longest_chain));
    }
    apply_file(next.lexically_normal());
  }
  apply_section(from, from.root, "");
  chain_.pop_back();
}

void loader::apply_override(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw core::user_error("--set " + shown(text), "this is not key=value",
                           "expected a key and its value, such as devices.adc.latency=10 ns");
  }
  const std::string path = text.substr(0, equals);
  document value;
  try {
    value = parse_document(text.substr(equals + 1), "--set", false);
  } catch (const core::user_error& error) {
    // Says which of several overrides it was.
    throw core::user_error("--set " + shown(path), std::string(error.what()).substr(std::string("--set: ").size()), "");
  }
  // Wraps the value in its sections, so that it takes the same way as a file's.
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    words.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  std::string section;
  for (std::size_t index = 0; index + 1 < words.size(); ++index) {
    const std::string next = section.empty() ? words[index] : section + "." + words[index];
    if (!is_section(next)) {
      refuse(value, {}, path, "unknown key", suggest_key(section, words[index]));
    }
    section = next;
  }
  document_node map{document_node::type::map, {}, {}, {}};
  map.members.push_back({words.back(), {}, std::move(value.root)});
  value.root = std::move(map);
  apply_section(value, value.root, section);
}

void loader::apply_section(const document& from, const document_node& map, const std::string& section) {
  if (map.is != document_node::type::map) {
    refuse(from, map.at, section, noun_of(map.is), "expected a map of keys");
  }
  if (from.has_positions) {
    sections_[section] = from.where(map.at);
  }
  for_each_member(from, map, section, [&](const document_member& member, const std::string& path) {
    apply_member(from, member, path, section);
  });
}

void loader::apply_member(const document& from, const document_member& member, const std::string& path,
                          const std::string& section) {
  if (const key* row = find_key(path)) {
    apply_key(from, member.value, *row);
  } else if (is_section(path)) {
    apply_section(from, member.value, path);
  } else if (path == "base") {
    if (!from.has_positions) {
      refuse(from, member.at, path, "only a file may start from another", "expected --arch with that file");
    }
  } else {
    refuse(from, member.at, path, "unknown key", suggest_key(section, member.key));
  }
}

void loader::apply_key(const document& from, const document_node& node, const key& row) {
  if (node.is != document_node::type::map) {
    given_[row.path] = set_value(from, node, row);
    return;
  }
  std::map<std::string_view, const document_node*> parts{{"value", nullptr}, {"source", nullptr}, {"kind", nullptr}};
  for_each_member(from, node, row.path, [&](const document_member& member, const std::string& path) {
    const auto part = parts.find(member.key);
    if (part == parts.end()) {
      refuse(from, member.at, path, "unknown key", "expected value, source and kind");
    }
    if (member.value.is != document_node::type::scalar) {
      refuse(from, member.value.at, path, noun_of(member.value.is), "expected a plain value");
    }
    part->second = &member.value;
  });
  for (const auto& [name, part] : parts) {
    if (!part) {
      refuse(from, node.at, row.path, "has no " + std::string(name), "expected value, source and kind");
    }
  }
  provenance record = set_value(from, *parts["value"], row);
  record.source = parts["source"]->text;
  const auto kinds = {source_kind::published, source_kind::derived, source_kind::estimated};
  const auto* const kind = std::find_if(kinds.begin(), kinds.end(),
                                        [&](source_kind each) { return to_string(each) == parts["kind"]->text; });
  if (kind == kinds.end()) {
    refuse(from, parts["kind"]->at, row.path + ".kind", in_quotes(parts["kind"]->text) + " is not a kind of source",
           "expected published, derived or estimated");
  }
  record.kind = *kind;
  given_[row.path] = std::move(record);
}

provenance loader::set_value(const document& from, const document_node& value, const key& row) {
  const std::string right = "expected " + expected_value(row);
  if (value.is != document_node::type::scalar) {
    refuse(from, value.at, row.path, noun_of(value.is), right);
  }
  provenance record{row.path, value.text, source_kind::unstated, {}, from.where(value.at)};
  if (const auto* number = std::get_if<number_key>(&row.what)) {
    std::string problem;
    quantity parsed = parse_quantity(value.text, number->measure, problem);
    if (!problem.empty()) {
      refuse(from, value.at, row.path, problem, right);
    }
    if (!number->allowed.contains(parsed.value)) {
      refuse(from, value.at, row.path, parsed.text + " is out of range",
             "expected " + to_string(number->allowed, number->measure));
    }
    number->set(chip_, parsed.value);
    record.text = std::move(parsed.text);
  } else if (const auto* choices = std::get_if<choice_key>(&row.what)) {
    const auto word = std::find(choices->words.begin(), choices->words.end(), value.text);
    if (word == choices->words.end()) {
      refuse(from, value.at, row.path, in_quotes(value.text) + " is not a choice", right);
    }
    choices->set(chip_, static_cast<std::size_t>(word - choices->words.begin()));
  } else {
    if (value.text.empty()) {
      refuse(from, value.at, row.path, "has no value", right);
    }
    std::get<text_key>(row.what).set(chip_, value.text);
  }
  return record;
}

void loader::set_default(const key& row) {
  const document from{"default", false, {}};
  const document_node value{document_node::type::scalar, {}, std::string(*row.fallback), {}};
  given_[row.path] = set_value(from, value, row);
  given_[row.path].kind = source_kind::defaulted;
}

void loader::refuse_missing(const key& row) const {
  // The innermost section that some file has.
  std::string section = row.path;
  do {
    const auto dot = section.find_last_of('.');
    section.resize(dot == std::string::npos ? 0 : dot);
  } while (!section.empty() && !sections_.contains(section));
  const auto seen = sections_.find(section);
  throw core::user_error(locate(seen == sections_.end() ? file_ : seen->second, row.path), "missing",
                         "expected " + expected_value(row));
}

architecture loader::finish() {
  for (const key& row : key_table()) {
    if (!given_.contains(row.path)) {
      if (!row.fallback) {
        refuse_missing(row);
      }
      set_default(row);
    }
    chip_.keys.push_back(given_[row.path]);
  }
  check_consistency(chip_);
  return std::move(chip_);
}

architecture load_architecture(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
  loader load;
  load.apply_file(path);
  for (const std::string& text : overrides) {
    load.apply_override(text);
  }
  return load.finish();
}

} // namespace sonic::config
