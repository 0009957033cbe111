// SPDX-License-Identifier: Apache-2.0
// How keys that do not go together are refused.
#pragma once

#include "sonic/config/architecture.h"

#include <string>
#include <string_view>

namespace sonic::config {

/// @throws core::user_error: where @p key was given, what is wrong with its value, and what would be right
[[noreturn]] void contradict(const architecture& chip, std::string_view key, const std::string& problem,
                             const std::string& right);

/// Faults that the optics do not have, a list that names what is not there, and policies that miss their lanes.
void check_faults(const architecture& chip);

} // namespace sonic::config
