// SPDX-License-Identifier: Apache-2.0
#include "sonic/configuration.h"

#include "sonic/config/load.h"
#include "sonic/config/locate.h"
#include "sonic/core/error.h"

#include <algorithm>
#include <utility>

namespace sonic {

configuration configuration::load(const std::string& name_or_file, const std::vector<std::string>& overrides) {
  return configuration(std::make_shared<const config::architecture>(
      config::load_architecture(config::find_architecture(name_or_file), overrides)));
}

const std::string& configuration::name() const {
  return inside_->name;
}

const std::string& configuration::value(const std::string& key) const {
  const auto found = std::find_if(inside_->keys.begin(), inside_->keys.end(),
                                  [&key](const config::provenance& each) { return each.key == key; });
  if (found == inside_->keys.end()) {
    throw core::user_error(key, "is not a key of a configuration", "expected one of docs/configuration_keys.md");
  }
  return found->text;
}

std::string configuration::yaml() const {
  return config::effective_yaml(*inside_);
}

} // namespace sonic
