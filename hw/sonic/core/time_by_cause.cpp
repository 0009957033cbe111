// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/time_by_cause.h"

namespace sonic::core {

time_by_cause& time_by_cause::operator+=(const time_by_cause& other) {
  convert_ps += other.convert_ps;
  retune_ps += other.retune_ps;
  operand_supply_ps += other.operand_supply_ps;
  partial_sums_ps += other.partial_sums_ps;
  post_processing_ps += other.post_processing_ps;
  dma_ps += other.dma_ps;
  idle_ps += other.idle_ps;
  return *this;
}

bool time_by_cause::operator==(const time_by_cause& other) const {
  return convert_ps == other.convert_ps && retune_ps == other.retune_ps &&
         operand_supply_ps == other.operand_supply_ps && partial_sums_ps == other.partial_sums_ps &&
         post_processing_ps == other.post_processing_ps && dma_ps == other.dma_ps && idle_ps == other.idle_ps;
}

} // namespace sonic::core
