// SPDX-License-Identifier: Apache-2.0
// Lock step: RTL beside the model, until they differ.
#pragma once

#include "tb/cosim/build_rtl.h"
#include "tb/cosim/pin_loop.h"
#include "tb/cosim/rtl_block.h"

#include <cstdint>
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

/// How RTL's cycles differ from those that the model counts, in a sentence; empty if they need not be alike: stalls
/// take cycles, and another microarchitecture its own time.
std::string difference_of_cycles(std::uint64_t by_rtl, std::uint64_t counted, const rtl_request& from,
                                 const stalls& with);

/// Draws what a block does in @p replay, to its end or to its first protocol violation.
void draw_history(rtl_block& block, const std::filesystem::path& to, double clock_ghz,
                  const std::function<void()>& replay);

} // namespace sonic::cosim
