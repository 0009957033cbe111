// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>

namespace sonic::transport {

/// From a thread: waits until an absolute time, not at all if it has passed.
inline void wait_until(const sc_core::sc_time& when) {
  const auto now = sc_core::sc_time_stamp();
  if (when > now) {
    sc_core::wait(when - now);
  }
}

} // namespace sonic::transport
