// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/activity.h"
#include "sonic/core/timeline.h"
#include "sonic/energy/energy.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sonic::report {

/// Power over time, in equal steps from the first layer's begin to the last one's end.
struct power_trace {
  struct series {
    std::string name;
    std::vector<double> watts; ///< mean of each step
  };
  double step_ns = 0.0;
  std::vector<series> parts; ///< CONV units, FC units, memory, finishing, static
};

/// Spreads each layer's energy over the time in which the part that spent it worked: units with their operand buffers;
/// memory, which is DRAM and global buffer; the post-processor. Static energy is spread evenly over the layer. The
/// integral is the layers' energy.
/// @param events what happened, with one event for each of @p layers, in their order
/// @param layers finished descriptors
power_trace power_over_time(const std::vector<core::timeline_event>& events,
                            const std::vector<core::layer_record>& layers, const energy::table& energies,
                            std::size_t steps);

/// What a picture of one frame needs, as JSON: when each part worked, the units of an array as one, and the power.
/// @param steps of the power, and how finely spans are told apart
std::string frame_view_json(const std::vector<core::timeline_event>& events,
                            const std::vector<core::layer_record>& layers, const energy::table& energies,
                            std::size_t steps);

} // namespace sonic::report
