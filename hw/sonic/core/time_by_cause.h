// SPDX-License-Identifier: Apache-2.0
// Where a layer's time went: every picosecond has one cause. C++17.
#pragma once

#include "sonic/core/export.h"

#include <cstdint>

namespace sonic::core {

/// Time in picoseconds; the parts of a layer add up to the layer's time exactly.
struct SONIC_EXPORT time_by_cause {
  std::uint64_t convert_ps = 0;         ///< light in the units: symbols at the initiation interval, and the pipeline
  std::uint64_t retune_ps = 0;          ///< rings imprinted, in the unit that ended last
  std::uint64_t operand_supply_ps = 0;  ///< units wait for the operand buffers
  std::uint64_t partial_sums_ps = 0;    ///< units wait for the partial-sum buffer
  std::uint64_t post_processing_ps = 0; ///< no light: the post-processor finishes sums, pools, adds
  std::uint64_t dma_ps = 0;             ///< neither: the memory is read or written
  std::uint64_t idle_ps = 0;            ///< none of these

  [[nodiscard]] std::uint64_t total_ps() const {
    return convert_ps + retune_ps + operand_supply_ps + partial_sums_ps + post_processing_ps + dma_ps + idle_ps;
  }
  time_by_cause& operator+=(const time_by_cause& other);
  bool operator==(const time_by_cause& other) const;
};

} // namespace sonic::core
