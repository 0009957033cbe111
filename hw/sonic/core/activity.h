// SPDX-License-Identifier: Apache-2.0
// What the chip did, counted. C++17.
#pragma once

#include "sonic/core/export.h"
#include "sonic/core/time_by_cause.h"

#include <cstdint>

namespace sonic::core {

/// Counted actions of a layer, or of a whole run.
struct SONIC_EXPORT activity {
  struct array {
    std::uint64_t blocks = 0;
    std::uint64_t retunes = 0;         ///< imprints of a ring bank
    std::uint64_t imprinted_rings = 0; ///< rings given a new value
    std::uint64_t ring_retunes = 0;    ///< new levels of broadband rings
    std::uint64_t symbols = 0;         ///< dot products: detections, conversions, additions
    std::uint64_t steps = 0;           ///< symbols of the unit that had most of them, tile by tile
    std::uint64_t stream_lane_symbols = 0;
    std::uint64_t gated_lane_symbols = 0;
    std::uint64_t held_lane_symbols = 0;
    double busy_ns = 0.0; ///< sum of the units' busy times
  };
  array conv, fc;
  std::uint64_t deleted_products = 0;   ///< multiplications that compression skipped
  std::uint64_t decoder_cycles = 0;     ///< that rows of weights kept their decoders, if decoding takes time
  std::uint64_t accumulator_cycles = 0; ///< that sums kept their accumulators, if accumulating takes time
  std::uint64_t post_cycles = 0;        ///< that tiles kept their post-processors, if their cycles are counted
  std::uint64_t bytes_loaded = 0;       ///< from memory
  std::uint64_t bytes_stored = 0;       ///< to memory
  std::uint64_t weight_bytes = 0;       ///< filled into the weight buffer
  std::uint64_t activation_bytes = 0;   ///< filled into the activation buffer
  std::uint64_t post_elements = 0;      ///< finished by the post-processor
  time_by_cause time;                   ///< from the descriptor's fetch to its last store

  activity& operator+=(const activity& other);
};

/// One finished descriptor.
struct layer_record {
  std::uint32_t index = 0; ///< of the descriptor in its program
  std::uint32_t layer = 0; ///< the descriptor's layer number
  std::uint8_t operation = 0;
  double start_ns = 0.0; ///< since the first descriptor after the records were cleared began
  double end_ns = 0.0;
  double light_start_ns = 0.0; ///< first imprint and last partial sum; equal where no light was used
  double light_end_ns = 0.0;
  activity done;
};

} // namespace sonic::core
