// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/interrupt_controller.h"

namespace sonic::platform {

namespace {

constexpr std::uint64_t at_pending = 0x1000;
constexpr std::uint64_t at_enable = 0x2000;
constexpr std::uint64_t at_threshold = 0x200000;
constexpr std::uint64_t at_claim = 0x200004;
constexpr unsigned int word_bytes = 4;
constexpr unsigned int word_bits = 32;

} // namespace

interrupt_controller::interrupt_controller(const sc_core::sc_module_name& name, unsigned int sources)
    : device(name), lines("line", sources), irq("irq"), inside_(sources) {
  SC_HAS_PROCESS(interrupt_controller);
  SC_METHOD(drive);
  sensitive << changed_;
  for (auto& line : lines) {
    sensitive << line;
  }
}

bool interrupt_controller::read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value,
                                const sc_core::sc_time& /*now*/, bool debug) {
  const std::uint64_t words = inside_.sources() / word_bits + 1;
  const auto number = static_cast<unsigned int>(offset / word_bytes);
  const auto word_from = [&](std::uint64_t begin) { return static_cast<unsigned int>((offset - begin) / word_bytes); };
  if (bytes != word_bytes) {
    return false;
  }
  if (offset < at_pending) {
    if (number > inside_.sources()) {
      return false;
    }
    value = number == 0 ? 0 : inside_.priority(number);
  } else if (offset < at_pending + words * word_bytes) {
    value = inside_.pending(word_from(at_pending));
  } else if (offset >= at_enable && offset < at_enable + words * word_bytes) {
    value = inside_.enabled(word_from(at_enable));
  } else if (offset == at_threshold) {
    value = inside_.threshold();
  } else if (offset == at_claim && !debug) {
    value = inside_.claim();
    changed_.notify(sc_core::SC_ZERO_TIME);
  } else {
    return false;
  }
  return true;
}

bool interrupt_controller::write(std::uint64_t offset, unsigned int bytes, std::uint64_t value,
                                 const sc_core::sc_time& /*now*/) {
  const std::uint64_t words = inside_.sources() / word_bits + 1;
  const auto number = static_cast<unsigned int>(offset / word_bytes);
  const auto bits = static_cast<std::uint32_t>(value);
  if (bytes != word_bytes) {
    return false;
  }
  if (offset < at_pending) {
    if (number == 0 || number > inside_.sources()) {
      return false;
    }
    inside_.set_priority(number, bits);
  } else if (offset >= at_enable && offset < at_enable + words * word_bytes) {
    inside_.set_enabled(static_cast<unsigned int>((offset - at_enable) / word_bytes), bits);
  } else if (offset == at_threshold) {
    inside_.set_threshold(bits);
  } else if (offset == at_claim) {
    inside_.complete(bits);
  } else {
    return false;
  }
  changed_.notify(sc_core::SC_ZERO_TIME);
  return true;
}

void interrupt_controller::drive() {
  for (unsigned int i = 0; i < lines.size(); ++i) {
    inside_.set_level(i + 1, lines[i].read());
  }
  irq.write(inside_.asserted());
}

} // namespace sonic::platform
