// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/stuck_bits.h"

namespace sonic::physics {

void detect_and_convert_stuck(const block_sequence& blocks, std::size_t symbols, const conversion& how,
                              const stuck_bits& stuck, std::vector<std::int32_t>& codes, std::int32_t* partial_sums) {
  auto one = blocks;
  one.count = 1;
  for (std::uint32_t i = 0; i < blocks.count; ++i) {
    // Lanes are counted through, so that the block keeps its noise.
    one.ends = blocks.ends + i;
    codes.assign(symbols, 0);
    detect_and_convert(one, symbols, how, codes.data());
    for (std::size_t s = 0; s < symbols; ++s) {
      partial_sums[s] += stuck.read(codes[s]);
    }
    one.first_lane = blocks.ends[i];
  }
}

} // namespace sonic::physics
