// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/estimate/estimate.h"
#include "tb/explore/exploration.h"
#include "tb/sonic/prepared.h"
#include "tb/sonic/run_options.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sonic::command {

/// Estimates of several networks on any chip. A network is profiled anew for other numerics, such as a converter of
/// other bits; what was profiled is kept.
class network_estimates {
public:
  /// @param networks what each runs on; the first run of its frames is what counts
  explicit network_estimates(std::vector<run_options> networks) : networks_(std::move(networks)) {
    kept_.resize(networks_.size());
  }

  /// @throws core::user_error if a network cannot be compiled for the chip, or nothing can be said of it without
  ///         simulating, as of broken devices
  void operator()(const config::architecture& chip, explore::chip_figures& figures);

private:
  struct profiled {
    estimate::network_profile profile;
    estimate::estimator on;
    double frames = 1.0; ///< of the run that was profiled
    double parameter_bits = 0.0;
    explicit profiled(estimate::network_profile found) : profile(std::move(found)), on(profile) {}
  };
  profiled& profile_for(std::size_t network, const config::architecture& chip);

  std::vector<run_options> networks_;
  std::vector<std::vector<std::unique_ptr<profiled>>> kept_;
};

} // namespace sonic::command
