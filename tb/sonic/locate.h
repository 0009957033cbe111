// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace sonic::command {

/// The architecture file to use: @p given if not empty, else sonic.yaml in the first folder that has it: the one named
/// by SONIC_CONFIGS, `configs` in the working folder, and `configs` or `share/sonic-tlm/configs` beside or above the
/// program.
/// @throws core::user_error if there is none
std::filesystem::path find_architecture(const std::string& given);

} // namespace sonic::command
