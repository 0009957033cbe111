// SPDX-License-Identifier: Apache-2.0
// The accelerator as configured, for those who build it: what it is made of stays inside. C++17.
#pragma once

#include "sonic/core/export.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sonic {

namespace config {
struct architecture;
}

/// A complete, checked configuration. Copies share what they hold, which nothing changes.
class SONIC_EXPORT configuration {
public:
  /// Reads, merges and checks a configuration.
  /// @param name_or_file a YAML file, or the name of a shipped one (`sonic`, `sonic_physical`, `small`), which is
  /// looked
  ///        for in the folder that the environment variable SONIC_CONFIGS names, in `configs` of the working folder,
  ///        and in `share/sonic-tlm/configs` above the library
  /// @param overrides "key.path=value" each, stronger than the file; a later one wins
  /// @throws core::user_error in one sentence, with file, line and column, on anything that is not a complete,
  ///         consistent configuration
  static configuration load(const std::string& name_or_file = "sonic", const std::vector<std::string>& overrides = {});

  /// The architecture's own name.
  const std::string& name() const;

  /// The value of a key in force, as it was written and with its unit, such as "loosely_timed" of "run.timing".
  /// @throws core::user_error if there is no such key
  const std::string& value(const std::string& key) const;

  /// The configuration in force as YAML, with descriptions, units and sources. Loading it gives the same one.
  std::string yaml() const;

  /// What the library's own parts read; opaque outside.
  const config::architecture& inside() const { return *inside_; }

private:
  explicit configuration(std::shared_ptr<const config::architecture> inside) : inside_(std::move(inside)) {}

  std::shared_ptr<const config::architecture> inside_;
};

} // namespace sonic
