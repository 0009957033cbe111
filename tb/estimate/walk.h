// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/estimate/chip_times.h"
#include "tb/estimate/light_plan.h"
#include "tb/estimate/post_cycles.h"
#include "tb/estimate/transfer_times.h"

#include <span>
#include <vector>

namespace sonic::estimate {

/// All that a layer's time follows from.
struct layer_parts {
  const planned_layer* plan = nullptr;
  const transfer_times* transfers = nullptr;
  std::span<const planned_pass> passes;          ///< of light, in order
  std::span<const pass_kind> kinds;              ///< of passes
  std::span<const unit_work> work;               ///< of kinds of units, as the passes count them
  const std::vector<post_count>* post = nullptr; ///< null: cycles are not counted
};

/// Room that walking reuses.
struct walk_room {
  std::vector<double> unit_free_ps; ///< by kind of unit
};

/// From the fetch of a layer's descriptor to its last store, loosely timed, in ps: chip::loose_sequencer's recurrence.
double walk(const layer_parts& layer, const chip_times& times, walk_room& room);

} // namespace sonic::estimate
