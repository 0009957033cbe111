// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include <systemc>

namespace sonic::transport {

/// Until when a resource is taken, as absolute time. A new epoch (a program or a reset) frees it at once.
class busy_time {
public:
  /// Earliest time at or after @p asked at which the resource is free.
  sc_core::sc_time begin(const sc_core::sc_time& asked, unsigned int epoch) {
    if (epoch != epoch_) {
      epoch_ = epoch;
      free_at_ = sc_core::SC_ZERO_TIME;
    }
    return std::max(asked, free_at_);
  }
  void take_until(const sc_core::sc_time& when) { free_at_ = when; }

private:
  sc_core::sc_time free_at_;
  unsigned int epoch_ = 0;
};

} // namespace sonic::transport
