// SPDX-License-Identifier: Apache-2.0
// Counted actions between processes; the library's macros make the functions.
#pragma once

#include "sonic/core/activity.h"

#include <nlohmann/json.hpp>

namespace sonic::core {

// NOLINTBEGIN(readability-identifier-naming): the library's macros make its names.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(time_by_cause, convert_ps, retune_ps, operand_supply_ps, partial_sums_ps,
                                   post_processing_ps, dma_ps, idle_ps)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(activity::array, blocks, retunes, imprinted_rings, ring_retunes, symbols, steps,
                                   stream_lane_symbols, gated_lane_symbols, held_lane_symbols, busy_ns)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(activity, conv, fc, deleted_products, decoder_cycles, accumulator_cycles,
                                   post_cycles, bytes_loaded, bytes_stored, weight_bytes, activation_bytes,
                                   post_elements, time)
// NOLINTEND(readability-identifier-naming)

} // namespace sonic::core
