// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/post_stream.h"
#include "sonic/digital/post_stream_builder.h"
#include "sonic/tlm/jobs.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sonic::chip {

/// Jobs of code16 elements, whose channels are dealt to post-processors in turn: in how many cycles, and by a twin, if
/// there is one.
class counted_post {
public:
  struct parameters {
    std::uint32_t lanes = 16;            ///< elements that one takes in a cycle
    std::uint32_t count = 0;             ///< post-processors, side by side; 0: cycles are not counted
    digital::post_block* twin = nullptr; ///< works in our place
  };
  struct cycles {
    std::uint64_t most = 0; ///< of the busiest post-processor
    std::uint64_t last = 0; ///< of its last channel, if it came alone
    std::uint64_t sum = 0;  ///< of all of them
  };
  /// What a job reads and writes.
  struct operands {
    const std::int32_t* sums = nullptr;                      ///< partial sums; or
    const std::uint16_t *first = nullptr, *second = nullptr; ///< codes: cells of a pool; operands, the second or null
    const regs::parameters_code16* records = nullptr;        ///< of each channel, or one for all
    std::uint16_t* out = nullptr;                            ///< written by a twin; may be one of the operands
  };

  explicit counted_post(const parameters& how) : how_(how) {}

  [[nodiscard]] bool active() const { return how_.count > 0; }
  [[nodiscard]] bool has_twin() const { return how_.twin != nullptr; }

  /// @return none: the twin gave up
  std::optional<cycles> run(const transport::post_job& job, const operands& with);

private:
  class windows;
  void add_channel(digital::post_stream_builder& to, const transport::post_job& job, const operands& with,
                   const windows* pool, std::uint64_t channel) const;

  parameters how_;
  std::vector<std::uint16_t> codes_; ///< of one post-processor
};

} // namespace sonic::chip
