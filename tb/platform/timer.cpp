// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/timer.h"

#include <cstring>
#include <limits>

namespace sonic::platform {

namespace {

constexpr std::uint64_t at_msip = 0;
constexpr std::uint64_t at_mtimecmp = 0x4000;
constexpr std::uint64_t at_mtime = 0xbff8;
constexpr std::uint64_t wide = 8;

std::uint64_t picoseconds(const sc_core::sc_time& t) {
  return t.value(); // the model's time resolution, exact for times that a double does not hold
}

/// Whether [offset, offset + bytes) lies in the 8 bytes at @p start.
bool within(std::uint64_t offset, unsigned int bytes, std::uint64_t start) {
  return offset >= start && offset + bytes <= start + wide;
}

/// The 8 bytes of @p whole with those from @p first on replaced.
std::uint64_t merged(std::uint64_t whole, std::uint64_t first, unsigned int bytes, std::uint64_t part) {
  std::memcpy(reinterpret_cast<unsigned char*>(&whole) + first, &part, bytes);
  return whole;
}

} // namespace

timer::timer(const sc_core::sc_module_name& name, std::uint64_t tick_ps)
    : device(name), timer_irq("timer_irq"), software_irq("software_irq"), tick_ps_(tick_ps) {
  SC_HAS_PROCESS(timer);
  SC_METHOD(drive);
  sensitive << changed_;
}

std::uint64_t timer::ticks_at(const sc_core::sc_time& now) const {
  return picoseconds(now) / tick_ps_ + offset_;
}

bool timer::read(std::uint64_t offset, unsigned int bytes, std::uint64_t& value, const sc_core::sc_time& now,
                 bool /*debug*/) {
  constexpr unsigned int bits_per_byte = 8;
  if (within(offset, bytes, at_mtime)) {
    value = ticks_at(now) >> ((offset - at_mtime) * bits_per_byte);
  } else if (within(offset, bytes, at_mtimecmp)) {
    value = compare_ >> ((offset - at_mtimecmp) * bits_per_byte);
  } else if (offset == at_msip) {
    value = software_ ? 1 : 0;
  } else {
    return false;
  }
  return true;
}

bool timer::write(std::uint64_t offset, unsigned int bytes, std::uint64_t value, const sc_core::sc_time& now) {
  if (within(offset, bytes, at_mtime)) {
    const std::uint64_t before = ticks_at(now);
    offset_ += merged(before, offset - at_mtime, bytes, value) - before;
  } else if (within(offset, bytes, at_mtimecmp)) {
    compare_ = merged(compare_, offset - at_mtimecmp, bytes, value);
  } else if (offset == at_msip) {
    software_ = (value & 1U) != 0;
  } else {
    return false;
  }
  changed_.notify(sc_core::SC_ZERO_TIME);
  return true;
}

void timer::drive() {
  const auto now = sc_core::sc_time_stamp();
  const std::uint64_t ticks = ticks_at(now);
  software_irq.write(software_);
  timer_irq.write(ticks >= compare_);
  if (ticks >= compare_) {
    return;
  }
  // The tick that ends the waiting, as a time: beyond what simulated time can hold there is none.
  const std::uint64_t left = compare_ - ticks;
  const std::uint64_t elapsed = picoseconds(now) / tick_ps_;
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (left <= largest / tick_ps_ - elapsed) {
    const auto due = sc_core::sc_time::from_value((elapsed + left) * tick_ps_);
    changed_.notify(due - now);
  }
}

} // namespace sonic::platform
