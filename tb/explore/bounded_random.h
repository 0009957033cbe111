// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

namespace sonic::explore {

/// Random numbers that are the same with any standard library, which its distributions are not.
class bounded_random {
public:
  explicit bounded_random(std::uint64_t seed) : engine_(seed) {}

  /// From 0 to @p limit - 1, each as likely; limit is at least 1.
  std::uint64_t below(std::uint64_t limit) {
    const std::uint64_t rest = (UINT64_MAX % limit + 1) % limit; // values that would make some results likelier
    std::uint64_t drawn = engine_();
    while (drawn > UINT64_MAX - rest) {
      drawn = engine_();
    }
    return drawn % limit;
  }
  bool chance(double probability) {
    constexpr double two_to_53 = 9007199254740992.0;
    return static_cast<double>(engine_() >> 11U) < probability * two_to_53;
  }

private:
  std::mt19937_64 engine_;
};

} // namespace sonic::explore
