// SPDX-License-Identifier: Apache-2.0
// A RISC-V platform-level interrupt controller for one hart in machine mode, plain C++: level-triggered sources,
// priorities, threshold, claim and completion (RISC-V PLIC specification 1.0).
#pragma once

#include <cstdint>
#include <vector>

namespace sonic::platform {

class interrupt_lines {
public:
  /// @param sources numbered from 1 to this
  explicit interrupt_lines(unsigned int sources);

  [[nodiscard]] unsigned int sources() const { return static_cast<unsigned int>(lines_.size()) - 1; }

  /// A source's line. While it is high and its interrupt not in service, the source is pending.
  void set_level(unsigned int source, bool high);

  /// The pending and enabled source of the highest priority above the threshold; of equals the lowest. 0 if there is
  /// none. It is in service until it is completed.
  unsigned int claim();
  /// Of a source that is not enabled: has no effect.
  void complete(unsigned int source);
  /// Whether the hart is interrupted.
  [[nodiscard]] bool asserted() const { return best(threshold_) != 0; }

  [[nodiscard]] std::uint32_t priority(unsigned int source) const { return lines_[source].priority; }
  void set_priority(unsigned int source, std::uint32_t value);
  [[nodiscard]] std::uint32_t threshold() const { return threshold_; }
  void set_threshold(std::uint32_t value);
  /// 32 sources from 32 * word on, one bit each.
  [[nodiscard]] std::uint32_t pending(unsigned int word) const;
  [[nodiscard]] std::uint32_t enabled(unsigned int word) const;
  void set_enabled(unsigned int word, std::uint32_t bits);

  static constexpr std::uint32_t highest_priority = 7;

private:
  struct line {
    std::uint32_t priority = 0; ///< 0: never interrupts
    bool high = false, pending = false, in_service = false, enabled = false;
  };
  [[nodiscard]] unsigned int best(std::uint32_t above) const;

  std::vector<line> lines_; ///< [0] is no source
  std::uint32_t threshold_ = 0;
};

} // namespace sonic::platform
