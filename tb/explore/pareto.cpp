// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/pareto.h"

#include <algorithm>
#include <utility>

namespace sonic::explore {

namespace {

/// At least as good in everything.
bool covers(const std::vector<double>& a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) {
      return false;
    }
  }
  return true;
}

} // namespace

bool pareto_front::offer(std::uint64_t number, const std::vector<double>& values) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (covers(members_[i].values, values)) {
      // What covered one often covers the next.
      std::swap(members_[i], members_[i / 2]);
      return false;
    }
  }
  std::erase_if(members_, [&](const member& m) { return covers(values, m.values); });
  members_.push_back({number, values});
  return true;
}

std::vector<pareto_front::member> pareto_front::sorted() const {
  auto all = members_;
  std::sort(all.begin(), all.end(), [](const member& a, const member& b) { return a.number < b.number; });
  return all;
}

} // namespace sonic::explore
