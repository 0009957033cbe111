// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sonic::config {

/// Reads, merges and checks a configuration.
/// @param path      YAML file; its `base:` names another file to start from, relative to its own folder
/// @param overrides "key.path=value" each, stronger than the files; a later one wins
/// @throws core::user_error on anything that is not a complete, consistent configuration:
///         "file:line:column: key.path: problem; expected"
architecture load_architecture(const std::filesystem::path& path, const std::vector<std::string>& overrides = {});

/// The configuration in force as YAML, descriptions and units as comments. Loading it gives the same architecture.
std::string effective_yaml(const architecture& chip);

/// The key reference of docs/configuration.md.
std::string key_reference_markdown();

} // namespace sonic::config
