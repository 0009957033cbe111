// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic_regs/regs.h"

#include <cstdint>

namespace sonic::plan {

/// Bytes of an element.
constexpr std::uint64_t element_bytes(const regs::descriptor& d) {
  return d.element == 0 ? 2 : 4;
}
/// Bytes of a partial sum: 32-bit integer, or double under ideal optics.
constexpr std::uint64_t sum_bytes(const regs::descriptor& d) {
  return d.element == 0 ? 4 : 8;
}
/// True for the operations that use light.
constexpr bool is_light(const regs::descriptor& d) {
  return d.operation == static_cast<std::uint8_t>(regs::operation::convolution) ||
         d.operation == static_cast<std::uint8_t>(regs::operation::fully_connected);
}

} // namespace sonic::plan
