// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/time_attribution.h"

#include <algorithm>

namespace sonic::core {

std::uint64_t time_attribution::occupy(std::vector<interval>& free, std::vector<interval>& taken) {
  std::sort(taken.begin(), taken.end(), [](const interval& a, const interval& b) { return a.begin < b.begin; });
  std::vector<interval> left;
  std::uint64_t occupied = 0;
  auto next = taken.cbegin();
  for (const auto& gap : free) {
    std::uint64_t cursor = gap.begin;
    // One that reaches beyond this gap may reach into the following ones, so `next` stays on it.
    for (auto t = next; t != taken.cend() && t->begin < gap.end; ++t) {
      if (t->begin > cursor) {
        left.push_back({cursor, t->begin});
      }
      const std::uint64_t from = std::max(cursor, t->begin);
      const std::uint64_t to = std::min(gap.end, t->end);
      occupied += to > from ? to - from : 0;
      cursor = std::max(cursor, to);
    }
    while (next != taken.cend() && next->end <= gap.end) {
      ++next;
    }
    if (cursor < gap.end) {
      left.push_back({cursor, gap.end});
    }
  }
  free.swap(left);
  taken.clear();
  return occupied;
}

time_by_cause time_attribution::take(std::uint64_t begin_ps, std::uint64_t end_ps) {
  time_by_cause found;
  std::vector<interval> free;
  std::sort(light_.begin(), light_.end(), [](const light& a, const light& b) { return a.begin_ps < b.begin_ps; });
  std::uint64_t cursor = begin_ps;
  for (const auto& tile : light_) {
    const std::uint64_t from = std::max(cursor, tile.begin_ps);
    const std::uint64_t to = std::min(tile.end_ps, end_ps);
    if (to <= from) {
      continue;
    }
    if (from > cursor) {
      free.push_back({cursor, from});
    }
    // Where a tile overlaps the one before, it is its waiting that this time is left for.
    std::uint64_t rest = to - from;
    const auto part = [&rest](std::uint64_t wanted) {
      const std::uint64_t given = std::min(wanted, rest);
      rest -= given;
      return given;
    };
    const std::uint64_t waiting = tile.operand_supply_ps + tile.partial_sums_ps;
    found.retune_ps += part(tile.retune_ps);
    found.convert_ps += part(tile.end_ps - tile.begin_ps - tile.retune_ps - waiting);
    found.operand_supply_ps += part(tile.operand_supply_ps);
    found.partial_sums_ps += rest;
    cursor = to;
  }
  if (cursor < end_ps) {
    free.push_back({cursor, end_ps});
  }
  light_.clear();
  found.post_processing_ps = occupy(free, post_);
  found.dma_ps = occupy(free, dma_);
  for (const auto& gap : free) {
    found.idle_ps += gap.end - gap.begin;
  }
  return found;
}

} // namespace sonic::core
