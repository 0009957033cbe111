// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/platform.h"
#include "tb/platform/platform_config.h"

#include <filesystem>

namespace sonic::platform {

/// Writes what happened as JSON: exit code or why there is none, simulated time, instructions, a checksum of the RAM,
/// each accelerator's finished layers. The file appears complete or not at all.
/// @throws core::user_error naming the file if it cannot be written
void write_report(const std::filesystem::path& file, const platform_config& config, platform& machine,
                  const run_result& result, double host_seconds);

} // namespace sonic::platform
