// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/network_estimates.h"

#include "sonic/core/error.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tb/report/accounting.h"
#include "tb/sonic/frames.h"

#include <algorithm>
#include <utility>

namespace sonic::command {

network_estimates::profiled& network_estimates::profile_for(std::size_t network, const config::architecture& chip) {
  auto& kept = kept_[network];
  const auto found = std::find_if(kept.begin(), kept.end(),
                                  [&](const auto& each) { return estimate::holds_for(each->profile, chip); });
  if (found != kept.end()) {
    return **found;
  }
  const auto& options = networks_[network];
  const auto how = host::numerics_of(chip);
  if (how.element == workload::element_kind::float32) {
    throw core::user_error("run.optics", "nothing is estimated of ideal optics", "expected run.optics: quantised");
  }
  const auto frames = load_frames(options);
  const auto program = reference::quantise(frames.network, how, load_calibration(options, frames));
  auto fresh = std::make_unique<profiled>(estimate::profile_of(frames.network, program, how, frames.run_inputs(0)));
  if (!estimate::holds_for(fresh->profile, chip)) {
    throw core::user_error("run.optics, faults", "nothing is estimated of imperfect optics and broken devices",
                           "expected run.optics: quantised, and no faults");
  }
  fresh->frames = static_cast<double>(frames.frames_per_run);
  fresh->parameter_bits = report::parameter_bits(frames.network.parameters);
  kept.push_back(std::move(fresh));
  return *kept.back();
}

void network_estimates::operator()(const config::architecture& chip, explore::chip_figures& figures) {
  figures.fits = true;
  figures.networks.clear();
  for (std::size_t i = 0; i < networks_.size() && figures.fits; ++i) {
    auto& of = profile_for(i, chip);
    const auto& found = of.on(chip);
    figures.fits = found.fits;
    figures.networks.push_back(
        {found.latency_ns / of.frames, found.energy_pj / of.frames, found.operand_bits / of.frames, of.parameter_bits});
  }
  constexpr double mw_per_w = 1e3;
  figures.area_mm2 = energy::total_mm2(chip.areas, report::devices_of(chip));
  figures.fully_active_w = energy::fully_active_mw(report::energy_table(chip)) / mw_per_w;
}

} // namespace sonic::command
