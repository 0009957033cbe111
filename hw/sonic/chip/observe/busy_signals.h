// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/timeline.h"

#include <array>
#include <cstdint>
#include <map>

#include <systemc>

namespace sonic::chip {

/// What works at the moment, as values for sc_trace: how many units of each array, the DMA engine's directions, the
/// post-processor, and layers.
///
/// Loosely timed, everything of a program is known at its begin; the values change when their time comes.
/// Approximately timed, they change as things begin and end; the post-processor, which finishes channels while the
/// light is still on, is shown from the moment at which its tile is complete.
class busy_signals : public sc_core::sc_module, public core::timeline {
public:
  explicit busy_signals(const sc_core::sc_module_name& name);

  /// Adds the values to a trace file, under this module's name.
  void trace(sc_core::sc_trace_file* file);

  void began(core::chip_part part, std::uint32_t unit, std::uint64_t amount) override;
  void happened(const core::timeline_event& event) override;
  void abandoned() override;

private:
  static constexpr std::size_t parts = 6; ///< of core::chip_part
  struct change {
    core::chip_part part;
    int by; ///< +1 begins, -1 ends
  };
  void apply_due();
  void apply(const change& what);
  void plan(const sc_core::sc_time& when, const change& what);

  std::array<std::uint32_t, parts> busy_{}; ///< occupations of each part
  std::array<std::uint32_t, parts> live_{}; ///< of these, begun without a known end
  std::uint32_t layers_ = 0;                ///< that have begun, since the simulation began
  std::multimap<sc_core::sc_time, change> planned_;
  sc_core::sc_event due_;
};

} // namespace sonic::chip
