// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/adc.h"

#include "sonic/physics/dot_product.h"

namespace sonic::chip {

adc::adc(const sc_core::sc_module_name& name, float full_code, const sc_core::sc_time& latency)
    : optical_stage(name, latency), full_code_(full_code) {}

void adc::process(transport::burst& work) {
  for (const auto& b : work.blocks) {
    const std::span stationary(b.stationary, b.lanes);
    if (work.exact) {
      physics::accumulate_exact(stationary, b.streams, b.symbols, b.scale, static_cast<double*>(b.partial_sums));
    } else {
      physics::detect_and_convert(stationary, b.streams, b.symbols, b.scale, work.inverse_lsb, full_code_,
                                  static_cast<std::int32_t*>(b.partial_sums));
    }
  }
}

} // namespace sonic::chip
