// SPDX-License-Identifier: Apache-2.0
// The accumulator with its partial_sum_buffer as a block of its own, which RTL can stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace sonic::digital {

/// Keeps partial sums, of 32 bits modulo 2^32, in words of `lanes` sums, and adds codes to them. Sums are counted
/// through: sum i is in word i / lanes. Calls take effect in order. Each gives the cycles that it keeps the block from
/// the next one, when nothing stalls; none: the block gave up, and says why to whoever made it.
class accumulator_block {
public:
  accumulator_block() = default;
  accumulator_block(const accumulator_block&) = delete;
  accumulator_block& operator=(const accumulator_block&) = delete;
  virtual ~accumulator_block() = default;

  /// Sets sums [first, first + count) to zero.
  virtual std::optional<std::uint64_t> clear(std::uint64_t first, std::uint64_t count) = 0;
  /// Adds codes, each of 16 bits, two's complement, to the sums from @p first on.
  virtual std::optional<std::uint64_t> add(std::uint64_t first, std::span<const std::int32_t> codes) = 0;
  /// Gives the sums from @p first on.
  virtual std::optional<std::uint64_t> read(std::uint64_t first, std::span<std::int32_t> into) = 0;
};

/// Sums that one cycle can work on, at most.
inline constexpr std::uint32_t most_accumulator_lanes = 16;

/// Cycles that clearing, adding to or reading sums [first, first + count) keeps an accumulator of @p lanes sums a
/// cycle, hw/rtl/accumulator.sv, when nothing stalls: one for each word that they touch.
constexpr std::uint64_t accumulator_cycles(std::uint64_t first, std::uint64_t count, std::uint64_t lanes) {
  return count == 0 ? 0 : (first + count - 1) / lanes - first / lanes + 1;
}

} // namespace sonic::digital
