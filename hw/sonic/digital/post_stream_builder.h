// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/post_stream.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sonic::digital {

/// Lays out a job of the post-processor: for each channel channel(), then its elements in one call.
class post_stream_builder {
public:
  /// @param lanes 1 to most_post_lanes
  post_stream_builder(std::uint32_t lanes, post_operation operation, const post_constants& layer);

  /// The record of the elements that follow.
  void channel(const regs::parameters_code16& record);

  /// All elements of the channel.
  void sums(std::span<const std::int32_t> a);
  /// @param b as many, or none: zeros
  void codes(std::span<const std::uint16_t> a, std::span<const std::uint16_t> b);

  /// All windows of the channel, maxima or means, `lanes` side by side: a beat for each step that meets a cell in one
  /// of them, and of means one or more for padding that counts.
  /// @param outputs windows
  /// @param steps   of a window, whether they meet cells or not
  /// @param cell    cell(output, step) is a std::optional of a code: none outside of the image
  /// @param padding maximum: nothing; mean: for each output, what padding that counts adds to its total, or nothing
  /// @param divisor mean: for each output; below 1 counts as 1. Below 2^32.
  template <class cell_of>
  void windows(std::size_t outputs, std::size_t steps, const cell_of& cell, std::span<const std::uint64_t> padding,
               std::span<const std::uint64_t> divisor) {
    for (std::size_t begin = 0; begin < outputs; begin += job_.lanes) {
      const std::size_t count = begin_group(begin, outputs);
      for (std::size_t step = 0; step < steps; ++step) {
        std::uint32_t keep = 0;
        std::array<std::uint32_t, most_post_lanes> a{};
        for (std::size_t l = 0; l < count; ++l) {
          if (const std::optional<std::uint16_t> found = cell(begin + l, step)) {
            keep |= 1U << l;
            a[l] = *found;
          }
        }
        if (keep != 0) {
          add_step(keep, a);
        }
      }
      end_group(begin, outputs, padding, divisor);
    }
  }

  [[nodiscard]] const post_stream& job() const { return job_; }

private:
  std::size_t begin_group(std::size_t begin, std::size_t outputs);
  void add_beat(const post_beat& beat);
  void add_step(std::uint32_t keep, const std::array<std::uint32_t, most_post_lanes>& a);
  void end_group(std::size_t begin, std::size_t outputs, std::span<const std::uint64_t> padding,
                 std::span<const std::uint64_t> divisor);

  post_stream job_;
  std::uint8_t group_count_ = 0; ///< windows of the group at hand
  std::size_t group_begin_ = 0;  ///< its first beat
};

} // namespace sonic::digital
