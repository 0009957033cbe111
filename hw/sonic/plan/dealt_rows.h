// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sonic::plan {

/// Rows dealt to decoders in turn: how long the busiest one works, and all together.
class dealt_rows {
public:
  explicit dealt_rows(std::uint32_t decoders) : cycles_(std::max(1U, decoders)) {}
  void add(std::uint32_t cycles) {
    cycles_[next_] += cycles;
    next_ = next_ + 1 == cycles_.size() ? 0 : next_ + 1;
    sum_ += cycles;
  }
  [[nodiscard]] std::uint64_t most() const { return *std::max_element(cycles_.begin(), cycles_.end()); }
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  void clear() {
    std::fill(cycles_.begin(), cycles_.end(), 0);
    next_ = 0;
    sum_ = 0;
  }

private:
  std::vector<std::uint64_t> cycles_; ///< of each
  std::size_t next_ = 0;
  std::uint64_t sum_ = 0;
};

} // namespace sonic::plan
