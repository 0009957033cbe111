// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/lock_step.h"

#include "sonic/core/error.h"

#include <fmt/format.h>

namespace sonic::cosim {

void stop_in_lock_step(std::string_view block, const std::string& where, const std::string& difference,
                       const std::string& history, const std::function<void(const std::filesystem::path&)>& draw) {
  auto waves = std::filesystem::absolute(fmt::format("{}_difference.fst", block)).string();
  try {
    draw(waves);
  } catch (const core::user_error& error) {
    waves = std::string("none, since ") + error.what();
  }
  throw core::mismatch(
      fmt::format("{} in lock step, {}: {}; {}; waveform: {}", block, where, difference, history, waves));
}

} // namespace sonic::cosim
