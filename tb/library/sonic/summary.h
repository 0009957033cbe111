// SPDX-License-Identifier: Apache-2.0
// What one run of a network took in time and energy. C++17.
#pragma once

#include "sonic/configuration.h"
#include "sonic/core/activity.h"
#include "sonic/core/export.h"
#include "sonic/program_image.h"

#include <string>
#include <vector>

namespace sonic {

/// Time and energy of one run, by layer and by device. docs/energy.md derives every figure.
struct SONIC_EXPORT summary {
  struct layer {
    std::string name, operation;
    double time_ns = 0.0;
    double energy_pj = 0.0;
    core::activity done;
  };
  struct device {
    std::string name;
    double dynamic_pj = 0.0; ///< of actions
    double static_pj = 0.0;  ///< idle and leakage
  };

  std::string architecture, optics, timing, accounting;
  std::vector<layer> layers;
  std::vector<device> devices;
  double latency_ns = 0.0; ///< first fetch to last store, over all programs; the host's work takes no time
  double energy_pj = 0.0;
  double power_w = 0.0; ///< mean over the latency; 0 without time
  double frames_per_second = 0.0;

  /// As JSON: the fields above, under their names.
  [[nodiscard]] std::string to_json() const;
};

/// Accounts one run of a network: the records of all its programs, in order, with none of another run.
/// @param records accelerator::records(); call clear_records() before each run
/// @throws core::user_error if they are not one for each layer of the image
SONIC_EXPORT summary summarise(const configuration& chip, const program_image& image,
                               const std::vector<core::layer_record>& records);

} // namespace sonic
