// SPDX-License-Identifier: Apache-2.0
// Where a layer's time went: every picosecond has one cause. C++17.
#pragma once

#include <cstdint>
#include <vector>

namespace sonic::core {

/// Time in picoseconds; the parts of a layer add up to the layer's time exactly.
struct time_by_cause {
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
