// SPDX-License-Identifier: Apache-2.0
// Lock step: RTL beside the model, until they differ.
#pragma once

#include "tb/cosim/pin_loop.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace sonic::cosim {

/// With which RTL does everything a second time.
inline constexpr stalls some_stalls{30, 30, 1};

/// What stops a run in lock step: where, both sides, and the waveform that @p draw leaves in the file that it is given.
/// @param block its name
/// @param where of the run
/// @throws core::mismatch
[[noreturn]] void stop_in_lock_step(std::string_view block, const std::string& where, const std::string& difference,
                                    const std::string& history,
                                    const std::function<void(const std::filesystem::path&)>& draw);

} // namespace sonic::cosim
