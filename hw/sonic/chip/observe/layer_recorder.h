// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/activity.h"
#include "sonic/core/timeline.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>
#include <vector>

#include <systemc>

namespace sonic::chip {

/// Collects what bursts and layers did into one record per descriptor, and tells a timeline of everything, if there is
/// one.
class layer_recorder : public transport::burst_observer,
                       public transport::layer_observer,
                       public transport::transfer_observer,
                       public transport::post_observer {
public:
  void burst_done(const transport::burst& done) override;
  void layer_done(const transport::layer_event& done) override;
  void layer_begun(const transport::layer_event& begun) override;
  void program_abandoned() override;
  void transfer_begun(const transport::transfer_job& begun) override;
  void transfer_done(const transport::transfer_job& done) override;
  void post_done(const transport::post_job& done) override;

  void watch(core::timeline* observer) { timelines_[0] = observer; }
  /// One more timeline, for good.
  void also_watch(core::timeline& observer) { timelines_[1] = &observer; }

  [[nodiscard]] const std::vector<core::layer_record>& records() const { return records_; }
  void clear() { records_.clear(); }

private:
  template <class work>
  void each_timeline(const work& tell_it) const;
  void tell(core::chip_part part, std::uint32_t unit, const sc_core::sc_time& begin, const sc_core::sc_time& end,
            std::uint64_t amount);

  std::array<core::timeline*, 2> timelines_{};
  core::layer_record current_;
  sc_core::sc_time origin_;                                ///< at which the first descriptor of records_ began
  std::array<std::vector<std::uint64_t>, 2> unit_symbols_; ///< of the current layer, per array and unit
  std::vector<core::layer_record> records_;
};

} // namespace sonic::chip
