// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/adc.h"

#include "sonic/physics/dot_product.h"

namespace sonic::chip {

namespace {

/// Levels lie in [-1, 1] and codes have 16 bits, whichever of them streams.
constexpr float largest_product = 65535.0F;

} // namespace

adc::adc(const sc_core::sc_module_name& name, float full_code, std::uint32_t most_lanes,
         const sc_core::sc_time& latency)
    : optical_stage(name, latency), full_code_(full_code),
      largest_sum_(largest_product * static_cast<float>(most_lanes)) {}

void adc::process(transport::burst& work) {
  for (const auto& s : work.sequences) {
    const physics::block_sequence blocks{s.stationary, s.streams, s.offsets, s.rows, s.ends, s.first_lane, s.blocks};
    if (work.exact) {
      for (std::uint32_t i = 0; i < s.blocks; ++i) {
        physics::accumulate_exact(blocks[i], s.symbols, s.scale, static_cast<double*>(s.partial_sums));
      }
    } else {
      physics::detect_and_convert(blocks, s.symbols, {s.scale, work.inverse_lsb, full_code_, largest_sum_},
                                  static_cast<std::int32_t*>(s.partial_sums));
    }
  }
}

} // namespace sonic::chip
