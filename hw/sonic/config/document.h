// SPDX-License-Identifier: Apache-2.0
// What a YAML text said, with the position of every word. The strict subset: one document of maps and plain values, no
// anchors, aliases or tags.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sonic::config {

/// Counted from 1, as editors do.
struct position {
  int line = 1;
  int column = 1;
};

struct document_member;

struct document_node {
  enum class type { empty, scalar, list, map };

  type is = type::empty;
  position at;
  std::string text;                     ///< of a scalar
  std::vector<document_member> members; ///< of a map, in order, repeated keys included; of a list, without keys
};

struct document_member {
  std::string key;
  position at;
  document_node value;
};

/// Where in which text. Text that came from the command line has no positions.
struct document {
  std::string label; ///< file name, or --set
  bool has_positions = true;
  document_node root;

  /// "file:line:column", or the bare label
  [[nodiscard]] std::string where(position at) const;
};

/// "file:line:column: key" or "--set key", the first part of every message about a key.
std::string locate(std::string_view where, std::string_view key);

/// A piece of user text fit for a one-line message: shortened, control characters replaced.
std::string shown(std::string_view text);

/// The same in single quotes.
std::string in_quotes(std::string_view text);

/// @throws core::user_error on text that is not in the subset
document parse_document(std::string_view text, std::string label, bool has_positions);

/// @throws core::user_error when the file cannot be read, is larger than 1 MiB, or is not text
document read_document(const std::filesystem::path& path);

} // namespace sonic::config
