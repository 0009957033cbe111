// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/post_stream.h"
#include "tb/cosim/pin_loop.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace sonic::cosim {

/// RTL finishes jobs: the transactor between a job and the pins of the contract post_processor.
class rtl_post_processor : public digital::post_block {
public:
  /// @param lanes   of the contract
  /// @param library that build_rtl() gave
  rtl_post_processor(unsigned lanes, const std::filesystem::path& library, const stalls& with = {});

  /// @return always the cycles
  /// @throws core::user_error if the RTL breaks the rule of its streams, gives other numbers of codes than the groups
  /// of
  ///         the job have, or makes no progress
  std::optional<std::uint64_t> run(const digital::post_stream& job, std::span<std::uint16_t> out) override;

  /// Stalls from now on are those of this seed.
  void seed(std::uint64_t value) { loop_.seed(value); }

  /// Of the last job: cycles in which a beat was held back or the output was not ready.
  [[nodiscard]] std::uint64_t stalled_cycles() const { return loop_.stalled_cycles(); }
  /// So far, of all jobs.
  [[nodiscard]] std::uint64_t cycles() const { return loop_.block().cycles(); }
  rtl_block& block() { return loop_.block(); }

private:
  struct pins {
    explicit pins(const contract& block);
    std::size_t layer_operation, layer_negative_slope, layer_zero_point, layer_clip_low, layer_clip_high;
    std::size_t channel_multiplier_a, channel_multiplier_b, channel_offset, channel_shift, channel_last;
    std::size_t element_a, element_b, element_keep, element_count, element_first, element_last, element_channel_last;
    std::size_t out_count, out_code, out_last;
  };
  class layer_beat;
  class channel_beats;
  class element_beats;
  /// @param group the next group of the job: its last beat
  void take_beat(const digital::post_beat& group, std::span<std::uint16_t> out, std::size_t done);

  unsigned lanes_;
  pin_loop loop_;
  pins at_;
};

} // namespace sonic::cosim
