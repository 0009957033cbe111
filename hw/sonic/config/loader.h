// SPDX-License-Identifier: Apache-2.0
// Turns documents into an architecture, one after the other, later ones stronger.
#pragma once

#include "sonic/config/architecture.h"
#include "sonic/config/document.h"
#include "sonic/config/keys.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sonic::config {

class loader {
public:
  /// Applies a file, after the file that its `base:` names.
  void apply_file(const std::filesystem::path& path);
  /// Applies one "key.path=value".
  void apply_override(const std::string& text);
  /// Fills in defaults, finds missing keys, checks keys against each other.
  architecture finish();

private:
  void apply_section(const document& from, const document_node& map, const std::string& section);
  void apply_member(const document& from, const document_member& member, const std::string& path,
                    const std::string& section);
  void apply_key(const document& from, const document_node& node, const key& row);
  provenance set_value(const document& from, const document_node& value, const key& row);
  void set_default(const key& row);
  [[noreturn]] void refuse_missing(const key& row) const;

  architecture chip_;
  std::map<std::string, provenance> given_;     ///< by key
  std::map<std::string, std::string> sections_; ///< where a section was last seen
  std::string file_;                            ///< the file asked for, for keys of sections that no file has
  std::vector<std::filesystem::path> chain_;    ///< files being applied, to find cycles
};

/// Contradictions between keys. @throws core::user_error at the key that is easiest to mend
void check_consistency(const architecture& chip);

} // namespace sonic::config
