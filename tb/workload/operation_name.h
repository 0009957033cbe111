// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/program.h"

namespace sonic::workload {

/// The name that reports and docs/registers.md give an operation.
inline const char* operation_name(step_kind kind) {
  switch (kind) {
  case step_kind::convolution:
    return "convolution";
  case step_kind::fully_connected:
    return "fully_connected";
  case step_kind::max_pool:
    return "max_pool";
  case step_kind::average_pool:
    return "average_pool";
  case step_kind::elementwise:
    return "elementwise";
  case step_kind::fill:
    return "fill";
  }
  return "unknown";
}

} // namespace sonic::workload
