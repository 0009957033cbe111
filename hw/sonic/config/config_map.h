// SPDX-License-Identifier: Apache-2.0
// Reads maps of a strict YAML document (sonic/config/document.h), with errors that say where.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/config/document.h"
#include "sonic/config/units.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sonic::config {

/// A number with where it comes from.
struct sourced_number {
  double value = 0.0; ///< in the base unit
  provenance from;
};

/// One map of a document. Every function throws core::user_error "file:line:column: key.path: problem; expected".
class config_map {
public:
  /// Refuses anything but a map whose keys are among @p known, or any if that is empty, each given at most once. The
  /// document must outlive it.
  /// @param path dotted, of the map; empty at the top
  config_map(const document& from, const document_node& map, std::string path,
             const std::vector<std::string_view>& known);

  /// Of the key, for messages: with its place in the file, or that of the map if it is missing.
  [[nodiscard]] std::string where(std::string_view key) const;
  [[nodiscard]] std::string path(std::string_view key) const;
  /// The last word of the map's own path.
  [[nodiscard]] std::string name() const { return path_.substr(path_.find_last_of('.') + 1); }

  [[nodiscard]] config_map section(std::string_view key, const std::vector<std::string_view>& known) const;
  /// A map of maps whose keys are names: letters, digits and underscores. A missing key is an empty map.
  [[nodiscard]] std::vector<config_map> sections(std::string_view key,
                                                 const std::vector<std::string_view>& known) const;

  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  /// In the order of the file.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] const std::string& text(std::string_view key) const;
  /// The plain values of a list of at least one.
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  [[nodiscard]] bool is_list(std::string_view key) const;
  /// @returns which of the words it is
  [[nodiscard]] std::size_t choice(std::string_view key, const std::vector<std::string_view>& words) const;
  /// @returns the number in the base unit, from @p low to @p high
  [[nodiscard]] double number(std::string_view key, dimension measure, double low, double high) const;
  /// A number that must say where it comes from: {value: ..., kind: ..., source: ...}.
  [[nodiscard]] sourced_number sourced(std::string_view key, dimension measure, double low, double high) const;
  [[nodiscard]] unsigned int count(std::string_view key, unsigned int low, unsigned int high) const;
  /// A hexadecimal or decimal address of 32 bits, a multiple of @p alignment.
  [[nodiscard]] std::uint32_t address(std::string_view key, std::uint32_t alignment) const;

  [[noreturn]] void refuse(std::string_view key, std::string_view problem, std::string_view right) const;

private:
  [[nodiscard]] const document_member* find(std::string_view key) const;
  [[nodiscard]] const document_member& required(std::string_view key) const;

  const document& from_;
  const document_node& map_;
  std::string path_;
};

} // namespace sonic::config
