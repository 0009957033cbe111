// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/wave_files.h"

#include "sonic/core/error.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include <systemc>

namespace sonic::command {

namespace {

constexpr const char* model_waves = "model"; // SystemC adds .vcd

std::uint64_t now_ps() {
  constexpr double ps_per_second = 1e12;
  return static_cast<std::uint64_t>(std::llround(sc_core::sc_time_stamp().to_seconds() * ps_per_second));
}

} // namespace

wave_files::wave_files(const run_options& options, const config::architecture& chip, host::testbench& bench,
                       cosim::chip_twins& twins)
    : options_(options), bench_(bench), twins_(twins) {
  const auto& target = options.waves.empty() ? options.vcd : options.waves;
  if (target.empty()) {
    return;
  }
  auto pattern = std::filesystem::absolute(target + ".XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw core::user_error(target, "there is no room for a waveform beside it",
                           "expected a folder that can be written");
  }
  folder_ = pattern;
  bench_.trace((folder_ / model_waves).string());
  if (!options.waves.empty()) {
    twins_.open_waves(folder_, chip.digital.clock_ghz, now_ps);
  }
}

wave_files::~wave_files() {
  std::error_code ignored;
  if (!folder_.empty()) {
    std::filesystem::remove_all(folder_, ignored);
  }
}

void wave_files::finish() {
  if (folder_.empty()) {
    return;
  }
  bench_.end_trace();
  const auto model = folder_ / (std::string(model_waves) + ".vcd");
  if (!options_.waves.empty()) {
    auto all = twins_.close_waves();
    all.insert(all.begin(), {model_waves, model});
    cosim::merge_waves(all, folder_, options_.waves);
  }
  if (!options_.vcd.empty()) {
    std::filesystem::rename(model, options_.vcd);
  }
}

} // namespace sonic::command
