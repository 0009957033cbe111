// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/accumulator_block.h"

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::digital {

/// The accumulators of a chip, side by side: accumulator k has the words of sums whose number is k modulo their count.
/// Counts the cycles in which they clear, add and read, and lets a twin do it, if there is one.
class accumulators {
public:
  struct parameters {
    std::uint32_t lanes = 8;           ///< sums in a word
    std::uint32_t count = 0;           ///< 0: as many as keep ahead of the units
    accumulator_block* twin = nullptr; ///< keeps the sums in the place of the buffer's memory
  };
  struct cycles {
    std::uint64_t most = 0; ///< of the busiest accumulator
    std::uint64_t sum = 0;  ///< of all of them
  };

  accumulators() = default;
  explicit accumulators(const parameters& how) : how_(how), words_(how.count) {}

  /// Whether accumulating takes time.
  [[nodiscard]] bool timed() const { return how_.count > 0; }
  /// Whether a twin keeps the sums.
  [[nodiscard]] bool has_twin() const { return how_.twin != nullptr; }

  /// As the functions of accumulator_block.
  void clear(std::uint64_t first, std::uint64_t count);
  /// Only with a twin.
  void add(std::uint64_t first, std::span<const std::int32_t> codes);
  /// Only without one: counts as many blocks of codes that are added to the same sums.
  void count_added(std::uint64_t first, std::uint64_t count, std::uint64_t blocks);
  /// @param into without a twin, not written
  void read(std::uint64_t first, std::span<std::int32_t> into);
  /// Whether the twin has.
  [[nodiscard]] bool gave_up() const { return gave_up_; }

  /// Whether anything need be told of what happens to sums.
  [[nodiscard]] bool active() const { return timed() || has_twin(); }

  /// Since the last call. Where a twin takes other cycles than ours, they are shared as the words are.
  cycles take_cycles();

private:
  /// @param taken cycles, each time; none: the twin gave up
  void count(std::uint64_t first, std::uint64_t sums, std::uint64_t times, std::optional<std::uint64_t> taken);

  parameters how_;
  std::vector<std::uint64_t> words_; ///< worked on, of each accumulator, beside those of all
  std::uint64_t words_of_all_ = 0;   ///< that each one has worked on
  std::uint64_t total_words_ = 0;
  std::uint64_t cycles_ = 0; ///< for all of them
  bool gave_up_ = false;
};

} // namespace sonic::digital
