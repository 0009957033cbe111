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

std::string difference_of_cycles(std::uint64_t by_rtl, std::uint64_t counted, const rtl_request& from,
                                 const stalls& with) {
  const bool comparable = from.sources.empty() && with.inputs + with.outputs == 0;
  return comparable && by_rtl != counted ? fmt::format("RTL took {} cycles, the model counts {}", by_rtl, counted)
                                         : std::string();
}

void draw_history(rtl_block& block, const std::filesystem::path& to, double clock_ghz,
                  const std::function<void()>& replay) {
  block.open_waves(to, clock_ghz);
  try {
    replay();
  } catch (const core::user_error&) { // the violation is what is drawn
  }
  block.close_waves();
}

} // namespace sonic::cosim
