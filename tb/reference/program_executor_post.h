// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/program.h"

#include <algorithm>
#include <cstdint>

namespace sonic::reference {

/// Post-processing of one value, see docs/numbers.md.
inline std::uint16_t post_process(std::int64_t acc, std::int64_t acc_b, const workload::channel_parameters& channel,
                                  const workload::step& s) {
  const std::int64_t half = std::int64_t{1} << (channel.shift - 1);
  std::int64_t v = (acc * channel.multiplier_a + acc_b * channel.multiplier_b + channel.offset + half) >> channel.shift;
  if (v < 0) {
    v = (v * s.negative_slope_q15 + (std::int64_t{1} << 14)) >> 15;
  }
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(v + s.output_zero_point, s.clip_low, s.clip_high));
}

inline const workload::channel_parameters& channel_of(const workload::step& s, std::int64_t channel) {
  return s.channels[s.channels.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
}

} // namespace sonic::reference
