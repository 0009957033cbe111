// SPDX-License-Identifier: Apache-2.0
#include "sonic/digital/post_stream.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace sonic::digital {

namespace {

constexpr std::uint16_t code_of(std::uint32_t word) {
  return static_cast<std::uint16_t>(word);
}

/// What is folded of the windows of a group, a lane each.
class folded_windows {
public:
  explicit folded_windows(post_operation operation) : maximum_(operation == post_operation::maximum) {}

  void take(const post_beat& beat, const std::uint32_t* a) {
    if (beat.first) {
      values_.fill(0);
    }
    for (std::size_t l = 0; l < beat.count; ++l) {
      if ((beat.keep >> l & 1) != 0) {
        values_[l] = maximum_ ? std::max<std::uint64_t>(values_[l], code_of(a[l])) : values_[l] + a[l];
      }
    }
  }
  [[nodiscard]] std::int64_t value(std::size_t lane, std::uint64_t divisor) const {
    return maximum_ ? static_cast<std::int64_t>(values_[lane]) : mean_q16(values_[lane], divisor);
  }

private:
  bool maximum_;
  std::array<std::uint64_t, most_post_lanes> values_{};
};

} // namespace

std::size_t post_stream::elements() const {
  std::size_t total = 0;
  for (const auto& beat : beats) {
    total += beat.last ? beat.count : 0U;
  }
  return total;
}

void run_post(const post_stream& job, std::span<std::uint16_t> out) {
  const code16_post post(job.layer);
  folded_windows windows(job.operation);
  const bool folds = job.operation == post_operation::maximum || job.operation == post_operation::mean;
  std::size_t channel = 0, done = 0;
  for (std::size_t i = 0; i < job.beats.size(); ++i) {
    const auto& beat = job.beats[i];
    const auto* a = job.a.data() + i * job.lanes;
    const auto* b = job.b.data() + i * job.lanes;
    if (folds) {
      windows.take(beat, a);
    }
    for (std::size_t l = 0; beat.last && l < beat.count; ++l) {
      const auto& record = job.channels[channel];
      assert(done < out.size());
      out[done++] = folds                                   ? post(windows.value(l, b[l]), 0, record)
                    : job.operation == post_operation::sums ? post(static_cast<std::int32_t>(a[l]), 0, record)
                                                            : post(code_of(a[l]), code_of(b[l]), record);
    }
    channel += beat.channel_last ? 1U : 0U;
  }
}

std::uint64_t post_cycles(std::uint64_t beats) {
  return 1 + beats + post_depth;
}

std::uint64_t post_cycles(const post_stream& job) {
  if (job.operation != post_operation::mean) {
    return post_cycles(job.beats.size());
  }
  std::uint64_t total = 0, beats = 0;
  bool first_group = true;
  for (const auto& beat : job.beats) {
    ++beats;
    if (beat.last) {
      total += first_group ? beats : std::max(beats, post_division);
      first_group = false;
      beats = 0;
    }
  }
  return post_cycles(total + post_division);
}

} // namespace sonic::digital
