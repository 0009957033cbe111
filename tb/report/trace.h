// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/core/timeline.h"

#include <functional>
#include <string>
#include <vector>

namespace sonic::report {

/// Collects what the parts of the chip did, for a trace viewer.
class trace_recorder : public core::timeline {
public:
  void happened(const core::timeline_event& event) override;

  /// Everything that was recorded, in the order in which it was told.
  [[nodiscard]] std::vector<core::timeline_event> events() const;

  /// Trace events in the JSON format that ui.perfetto.dev and chrome://tracing open: a track for the layers, each
  /// direction of the DMA engine, the post-processor, and each unit that was used. Times are in microseconds from the
  /// first event.
  /// @param name_of name of the nth descriptor, counted from 0 over everything that was recorded
  [[nodiscard]] std::string to_json(const std::function<std::string(std::size_t)>& name_of) const;

private:
  struct entry {
    core::timeline_event event;
    std::size_t layer; ///< number of layers that ended before
  };
  std::vector<entry> entries_;
  std::size_t layers_ = 0;
};

} // namespace sonic::report
