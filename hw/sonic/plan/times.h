// SPDX-License-Identifier: Apache-2.0
// When things that blocks do are over, for times of any kind that can be added and compared.
#pragma once

#include <algorithm>
#include <cstdint>

namespace sonic::plan {

/// Symbols of a unit's share of a tile: all units have as many, the last one what is left.
constexpr std::uint64_t share_of(std::uint64_t symbols, std::uint64_t units) {
  return (symbols + units - 1) / units;
}

/// Blocks of as many symbols that symbols [begin, end) of a tile belong to: imprints of the unit that has them.
constexpr std::uint64_t blocks_met(std::uint64_t begin, std::uint64_t end, std::uint64_t symbols_of_block) {
  return begin == end ? 0 : (end - 1) / symbols_of_block - begin / symbols_of_block + 1;
}

/// When a unit is through with a burst.
template <class time>
struct burst_end {
  time retuning; ///< of what it took
  time freed;    ///< the unit can begin another one
  time ended;    ///< its last partial sum is out

  /// @param started  of the first imprint
  /// @param retuning all imprints; none where the interval holds one for each symbol
  /// @param interval from one symbol to the next
  /// @param pipeline from a symbol's start to its partial sum
  burst_end(const time& started, const time& retuning_all, const time& symbols_all, const time& interval,
            const time& pipeline)
      : retuning(retuning_all), freed(started + retuning_all + symbols_all), ended(freed - interval + pipeline) {}
};

/// When an operand buffer can be read: bytes pass through it as they arrive.
/// @param from      the first byte was asked for
/// @param until     the last one has arrived in the global buffer
/// @param writing   what all of them take to be written
/// @param latencies of both buffers
template <class time>
constexpr time filled(const time& from, const time& until, const time& writing, const time& latencies) {
  return std::max(until, from + writing) + latencies;
}

/// When the post-processor has finished a tile whose channels flow in.
/// @param started  with the first of them
/// @param complete the last one is there
/// @param whole, last what all channels take, and the last one alone
template <class time>
constexpr time finished(const time& started, const time& complete, const time& whole, const time& last) {
  return std::max(complete + last, started + whole);
}

} // namespace sonic::plan
