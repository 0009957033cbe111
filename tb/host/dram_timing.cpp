// SPDX-License-Identifier: Apache-2.0
#include "tb/host/dram_timing.h"

#include <algorithm>
#include <cmath>

namespace sonic::host {

void dram_timing::close_rows() {
  for (auto& d : directions_) {
    d.bus_free_ps = 0;
    d.banks.assign(figures_.banks, bank{});
  }
}

std::uint64_t dram_timing::access(bool write, std::uint64_t address, std::uint64_t bytes, std::uint64_t asked_ps) {
  auto& d = directions_[write && !figures_.shared ? 1 : 0];
  bool others = false;
  std::uint64_t ended = asked_ps;
  while (bytes > 0) {
    const std::uint64_t row = address / figures_.row_bytes;
    const std::uint64_t here = std::min(bytes, (row + 1) * figures_.row_bytes - address);
    auto& b = d.banks[row % figures_.banks];
    const bool opened_by_other = b.written != write && b.open_row != ~std::uint64_t{0};
    auto& own_row = b.last_row[write ? 1 : 0];
    if (figures_.row_miss_ps > 0) {
      others = others || (own_row == row) != (b.open_row == row) || (opened_by_other && b.ready_ps > asked_ps);
    }
    own_row = row;
    if (b.open_row != row) {
      b.written = write;
      b.ready_ps = std::max(asked_ps, b.ready_ps) + figures_.row_miss_ps;
      b.open_row = row;
      ++row_misses_;
    }
    const std::uint64_t first_byte = std::max(asked_ps, b.ready_ps) + figures_.latency_ps;
    const auto moving = static_cast<std::uint64_t>(std::llround(static_cast<double>(here) * figures_.ps_per_byte));
    ended = std::max(first_byte, d.bus_free_ps) + moving;
    others = others || (d.written != write && d.bus_free_ps > first_byte);
    d.written = write;
    d.bus_free_ps = ended;
    address += here;
    bytes -= here;
  }
  contended_ += others && figures_.shared ? 1 : 0;
  return ended;
}

std::uint64_t dram_timing::stream(bool write, std::uint64_t address, std::uint64_t bytes) {
  auto& d = directions_[write && !figures_.shared ? 1 : 0];
  d.bus_free_ps += static_cast<std::uint64_t>(std::llround(static_cast<double>(bytes) * figures_.ps_per_byte));
  d.written = write;
  // Of each bank, the last row stays open.
  const std::uint64_t first = address / figures_.row_bytes;
  const std::uint64_t last = (address + bytes - 1) / figures_.row_bytes;
  row_misses_ += last - first + (d.banks[first % figures_.banks].open_row == first ? 0 : 1);
  std::uint64_t row = last - std::min(last - first, figures_.banks - 1);
  for (std::uint64_t number = row % figures_.banks; row <= last; ++row) {
    auto& b = d.banks[number];
    number = number + 1 == figures_.banks ? 0 : number + 1;
    b.open_row = b.last_row[write ? 1 : 0] = row;
    b.written = write;
    b.ready_ps = d.bus_free_ps; // at most
  }
  return d.bus_free_ps;
}

} // namespace sonic::host
