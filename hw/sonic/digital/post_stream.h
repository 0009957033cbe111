// SPDX-License-Identifier: Apache-2.0
// A job of the post-processor, laid out beat by beat for a block of some lanes that RTL can stand for.
#pragma once

#include "sonic/digital/post_arithmetic.h"
#include "sonic_regs/regs.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sonic::digital {

/// Lanes that a block can have, at most.
inline constexpr std::uint32_t most_post_lanes = 16;

/// What the elements of a job are, and what is folded of them before they are finished. The numbers are those of the
/// pins.
enum class post_operation : std::uint8_t {
  sums = 0,    ///< a: signed partial sums
  codes = 1,   ///< a, b: codes of one or two operands
  maximum = 2, ///< a: codes; the largest of each window, 0 of an empty one
  mean = 3,    ///< a: codes and totals of padding; the mean of each window
};

/// What the lanes take in a step. The elements of a beat belong to one channel.
struct post_beat {
  std::uint16_t keep = 0;    ///< bit l: lane l takes part in this step of its window; sums, codes: of no effect
  std::uint8_t count = 0;    ///< lanes, from lane 0 on, that hold elements: 1 to the number of lanes, equal in a group
  bool first = true;         ///< of its group of windows
  bool last = true;          ///< of its group: its elements are finished
  bool channel_last = false; ///< of its channel; then also last
};

/// One job. Its invariants: it has channels, and each has one group at least; without folding each beat is first and
/// last of its group; a divisor is at least 1, and no total is above largest_code times its divisor.
struct post_stream {
  std::uint32_t lanes = 1; ///< 1 to most_post_lanes
  post_operation operation = post_operation::sums;
  post_constants layer;
  std::vector<regs::parameters_code16> channels; ///< records in order; shifts of 1 to 63
  std::vector<post_beat> beats;                  ///< of the first channel, then of the next
  /// [beat][lane]. a: partial sum, its bits; code; or, in a beat of a mean, what is added to the window's total: a
  /// code, or codes of padding that counts. Lanes that hold no element are 0.
  std::vector<std::uint32_t> a;
  /// [beat][lane]. Codes: the second operand's, or 0. Mean: with `last`, the divisor. Else 0.
  std::vector<std::uint32_t> b;

  /// Elements that come out.
  [[nodiscard]] std::size_t elements() const;
};

/// The model of the block: finishes a job with code16_post and mean_q16.
/// @param out receives elements() codes, in the order of beats and lanes
void run_post(const post_stream& job, std::span<std::uint16_t> out);

/// Cycles of a job in hw/rtl/post_processor.sv, from the one in which it accepts the layer to the one in which its last
/// codes leave, when nothing stalls: one for the layer, one for each beat, and post_depth until the last codes leave.
/// A mean takes post_division more, and so does each group of windows with fewer beats than that, in the place of its
/// beats, but the first.
std::uint64_t post_cycles(const post_stream& job);
/// Of so many beats, without a mean.
std::uint64_t post_cycles(std::uint64_t beats);

inline constexpr std::uint64_t post_depth = 6;     ///< from a beat's acceptance to its codes' departure
inline constexpr std::uint64_t post_division = 33; ///< from one division's begin to the next one's

/// Finishes jobs, one after the other: a block of some lanes.
class post_block {
public:
  post_block() = default;
  post_block(const post_block&) = delete;
  post_block& operator=(const post_block&) = delete;
  virtual ~post_block() = default;

  /// @param job for as many lanes as the block has
  /// @param out receives elements() codes, in the order of beats and lanes
  /// @return cycles, from the one in which the block accepts the layer to the one in which the last codes leave; none:
  ///         it gave up, and says why to whoever made it
  virtual std::optional<std::uint64_t> run(const post_stream& job, std::span<std::uint16_t> out) = 0;
};

} // namespace sonic::digital
