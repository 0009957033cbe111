// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/chip/program_rig.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sonic::tests {

/// One wrong thing in a program, and the error that the chip must answer with.
struct damage {
  std::string what;
  regs::operation target; ///< first descriptor of this operation
  std::function<void(program_rig&, regs::descriptor&)> apply;
  regs::error_code expected;
};

/// Damage to one field of the descriptor.
template <class field, class value>
damage set(const char* what, regs::operation target, field regs::descriptor::*member, value content,
           regs::error_code expected) {
  return {what, target, [=](program_rig&, regs::descriptor& d) { d.*member = static_cast<field>(content); }, expected};
}

/// Damage to a byte of the first panel's sparse image.
damage image(const char* what, regs::operation target, std::uint64_t offset, std::uint8_t content);

/// Every kind of damage to the good program of the rig.
std::vector<damage> all_damages();

} // namespace sonic::tests
