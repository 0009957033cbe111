// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/operand_needs.h"

namespace sonic::plan {

std::array<buffer_need, 3> needs_of(const array_needs& array, const pass_size& pass) {
  const std::uint64_t streamed = pass.lanes * pass.symbols;
  const std::uint64_t updated = pass.blocks * pass.symbols;
  const std::uint64_t all_lanes = array.units * array.lanes;
  constexpr double bytes_of_update = 2.0 * sizeof(std::int32_t);
  return {{{array.streaming_bytes * static_cast<double>(streamed), all_lanes},
           {array.stationary_bytes * static_cast<double>(pass.lanes), all_lanes},
           {bytes_of_update * static_cast<double>(updated), 2 * array.units}}};
}

} // namespace sonic::plan
