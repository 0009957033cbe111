// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/activity.h"

namespace sonic::core {

activity& activity::operator+=(const activity& other) {
  const auto add = [](array& sum, const array& a) {
    sum.blocks += a.blocks;
    sum.retunes += a.retunes;
    sum.imprinted_rings += a.imprinted_rings;
    sum.ring_retunes += a.ring_retunes;
    sum.symbols += a.symbols;
    sum.steps += a.steps;
    sum.stream_lane_symbols += a.stream_lane_symbols;
    sum.gated_lane_symbols += a.gated_lane_symbols;
    sum.held_lane_symbols += a.held_lane_symbols;
    sum.busy_ns += a.busy_ns;
  };
  add(conv, other.conv);
  add(fc, other.fc);
  deleted_products += other.deleted_products;
  decoder_cycles += other.decoder_cycles;
  accumulator_cycles += other.accumulator_cycles;
  post_cycles += other.post_cycles;
  bytes_loaded += other.bytes_loaded;
  bytes_stored += other.bytes_stored;
  weight_bytes += other.weight_bytes;
  activation_bytes += other.activation_bytes;
  post_elements += other.post_elements;
  time += other.time;
  return *this;
}

} // namespace sonic::core
