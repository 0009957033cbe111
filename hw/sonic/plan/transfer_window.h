// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sonic::plan {

/// The dma_engine's transactions of one transfer, of which so many are under way at once: each is asked for when the
/// one that many before it is done, and is done when the memory is and when it has passed the engine's own port.
/// @tparam time of any kind that can be added and compared
template <class time>
class transfer_window {
public:
  /// @param outstanding at least 1
  explicit transfer_window(std::size_t outstanding) : under_way_(outstanding) {}

  void begin(const time& when) {
    ended_ = when;
    std::fill(under_way_.begin(), under_way_.end(), when);
  }
  /// When the next transaction is asked for.
  [[nodiscard]] const time& asks() const { return under_way_[next_]; }
  /// @param memory when the memory is done with the transaction that asks() spoke of
  /// @param passing what it takes to pass the port
  void done(const time& memory, const time& passing) {
    ended_ = std::max(memory, ended_ + passing);
    under_way_[next_] = ended_;
    next_ = next_ + 1 == under_way_.size() ? 0 : next_ + 1;
  }
  [[nodiscard]] const time& ended() const { return ended_; }

private:
  time ended_{};
  std::vector<time> under_way_; ///< when each transaction is done, a ring of as many as may be outstanding
  std::size_t next_ = 0;        ///< place in the ring of the next transaction
};

} // namespace sonic::plan
