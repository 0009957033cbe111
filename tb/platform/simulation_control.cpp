// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/simulation_control.h"

#include <utility>

namespace sonic::platform {

simulation_control::simulation_control(const sc_core::sc_module_name& name, end_callback on_end)
    : device(name), on_end_(std::move(on_end)) {}

bool simulation_control::read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value,
                              const sc_core::sc_time& /*now*/, bool /*debug*/) {
  constexpr unsigned int word = 4;
  value = 0;
  return offset == 0 && bytes == word;
}

bool simulation_control::write(std::uint64_t offset, unsigned int bytes, std::uint64_t value,
                               const sc_core::sc_time& /*now*/) {
  constexpr unsigned int word = 4;
  constexpr std::uint64_t what_mask = 0xffff;
  constexpr std::uint64_t pass = 0x5555;
  constexpr std::uint64_t fail = 0x3333;
  constexpr unsigned int code_shift = 16;
  if (offset != 0 || bytes != word) {
    return false;
  }
  if ((value & what_mask) == pass) {
    on_end_(0);
  } else if ((value & what_mask) == fail) {
    on_end_(static_cast<int>(value >> code_shift));
  } else {
    return false;
  }
  return true;
}

} // namespace sonic::platform
