// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace sonic::config {

/// The configuration file that is meant: @p given itself if it is a path (with a '/' or an ending, or a file that is
/// there), else the file of that name in the first folder that has it; empty: `sonic`. The folders: the one that the
/// environment variable SONIC_CONFIGS names, `configs` in the working folder, then `configs` and
/// `share/sonic-tlm/configs` beside or above the library or program that holds this code, the nearest first.
/// @throws core::user_error if no folder has it
std::filesystem::path find_architecture(const std::string& given);

} // namespace sonic::config
