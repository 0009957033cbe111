// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/time_by_cause.h"

#include <cstdint>
#include <vector>

namespace sonic::core {

/// Collects what went on during a layer. Where several things happen at once, the time belongs to the first of: light,
/// post-processing, memory. So a cause is what a layer would have to do less of to become shorter.
class time_attribution {
public:
  /// Light of one tile, [begin_ps, end_ps), of which so much is imprinting and waiting; the rest is conversion.
  struct light {
    std::uint64_t begin_ps = 0, end_ps = 0;
    std::uint64_t retune_ps = 0, operand_supply_ps = 0, partial_sums_ps = 0;
  };
  void add_light(const light& tile) { light_.push_back(tile); }
  void add_post_processing(std::uint64_t begin_ps, std::uint64_t end_ps) { post_.push_back({begin_ps, end_ps}); }
  void add_dma(std::uint64_t begin_ps, std::uint64_t end_ps) { dma_.push_back({begin_ps, end_ps}); }

  /// The causes of [begin_ps, end_ps); what was collected is forgotten. Parts outside are cut off.
  time_by_cause take(std::uint64_t begin_ps, std::uint64_t end_ps);

private:
  struct interval {
    std::uint64_t begin, end;
  };
  /// How much of the intervals lies in the free ones, which lose it.
  static std::uint64_t occupy(std::vector<interval>& free, std::vector<interval>& taken);

  std::vector<light> light_;
  std::vector<interval> post_, dma_;
};

} // namespace sonic::core
