// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/post/counted_post.h"

#include "sonic/chip/post/pooling.h"

#include <algorithm>
#include <limits>
#include <span>

namespace sonic::chip {

namespace {

using digital::post_operation;
using transport::post_source;

post_operation operation_of(post_source source) {
  return source == post_source::partial_sums   ? post_operation::sums
         : source == post_source::max_pool     ? post_operation::maximum
         : source == post_source::average_pool ? post_operation::mean
                                               : post_operation::codes;
}

} // namespace

/// Windows of a pool, output by output, as a block takes them.
class counted_post::windows {
public:
  explicit windows(const transport::post_job& job)
      : of_(*job.layer, job.output), input_(job.input), sizes_(of_, *job.layer),
        mean_(job.source == post_source::average_pool), columns_(static_cast<std::size_t>(of_.columns.outputs())),
        outputs_(columns_ * static_cast<std::size_t>(of_.rows.outputs())) {
    constexpr std::uint64_t widest = std::numeric_limits<std::uint32_t>::max();
    for (auto& divisor : sizes_.divisor) {
      too_wide_ = too_wide_ || (mean_ && divisor > widest);
      divisor = std::min(divisor, widest); // of a job whose cycles alone are asked for
    }
    for (auto& padding : sizes_.padding) {
      padding = mean_ ? padding : 0;
    }
  }

  /// Whether a divisor passes the width that blocks have: only where padding that counts is larger than any image.
  [[nodiscard]] bool too_wide() const { return too_wide_; }

  void add(digital::post_stream_builder& to, const std::uint16_t* cells) const {
    const auto& column_steps = of_.columns.steps();
    to.windows(
        outputs_, of_.rows.steps().size() * column_steps.size(),
        [&](std::size_t output, std::size_t step) -> std::optional<std::uint16_t> {
          const auto row = position(of_.rows, output / columns_, step / column_steps.size());
          const auto column = position(of_.columns, output % columns_, step % column_steps.size());
          if (!row || !column) {
            return {};
          }
          return cells[(*row - input_.row_begin) * input_.columns() + *column - input_.column_begin];
        },
        sizes_.padding, sizes_.divisor);
  }

private:
  /// In the image; none in the padding.
  static std::optional<std::int64_t> position(const plan::window_axis& axis, std::size_t output, std::size_t step) {
    const auto which = axis.steps()[step];
    const auto reach = axis.inside(which);
    const auto at = static_cast<std::int64_t>(output);
    return at >= reach.begin && at < reach.end ? std::optional(axis.first(which) + at * axis.stride()) : std::nullopt;
  }

  plan::pool_windows of_;
  transport::rectangle input_;
  plan::window_sizes sizes_;
  bool mean_, too_wide_ = false;
  std::size_t columns_, outputs_;
};

void counted_post::add_channel(digital::post_stream_builder& to, const transport::post_job& job, const operands& with,
                               const windows* pool, std::uint64_t channel) const {
  const std::uint64_t at = channel * job.inner;
  to.channel(with.records[job.layer->parameter_records == 1 ? 0 : channel]);
  if (pool != nullptr) {
    pool->add(to, with.first + channel * static_cast<std::uint64_t>(job.input.area()));
  } else if (job.source == post_source::partial_sums) {
    to.sums({with.sums + at, job.inner});
  } else {
    const std::span<const std::uint16_t> none;
    to.codes({with.first + at, job.inner}, with.second == nullptr ? none : std::span(with.second + at, job.inner));
  }
}

std::optional<counted_post::cycles> counted_post::run(const transport::post_job& job, const operands& with) {
  const bool pools = job.source == post_source::max_pool || job.source == post_source::average_pool;
  const auto pool = pools ? std::optional<windows>(job) : std::nullopt;
  if (pool && pool->too_wide() && how_.twin != nullptr) {
    return {};
  }
  const auto builder = [&] {
    return digital::post_stream_builder(how_.lanes, operation_of(job.source), digital::post_constants::of(*job.layer));
  };
  const auto streams = std::min<std::uint64_t>(how_.count, job.channels);
  std::vector<digital::post_stream> jobs; // all before any: results may lie over operands
  for (std::uint64_t p = 0; p < streams; ++p) {
    auto mine = builder();
    for (std::uint64_t channel = p; channel < job.channels; channel += streams) {
      add_channel(mine, job, with, pool ? &*pool : nullptr, channel);
    }
    jobs.push_back(mine.job());
  }
  auto last = builder();
  add_channel(last, job, with, pool ? &*pool : nullptr, job.channels - 1);

  cycles taken;
  for (std::uint64_t p = 0; p < streams; ++p) {
    const auto counted = digital::post_cycles(jobs[p]);
    auto mine = std::optional(counted);
    if (how_.twin != nullptr) {
      codes_.resize(jobs[p].elements());
      mine = how_.twin->run(jobs[p], codes_);
      if (!mine) {
        return {};
      }
      const auto* from = codes_.data();
      for (std::uint64_t channel = p; channel < job.channels; channel += streams, from += job.inner) {
        std::copy_n(from, job.inner, with.out + channel * job.inner);
      }
    }
    taken.sum += *mine;
    taken.most = std::max(taken.most, *mine);
    // Of a block of another microarchitecture, its share.
    const auto alone = (digital::post_cycles(last.job()) * *mine + counted - 1) / counted;
    taken.last = std::max(taken.last, alone);
  }
  return taken;
}

} // namespace sonic::chip
