// SPDX-License-Identifier: Apache-2.0
#include "tb/estimate/post_cycles.h"

#include "sonic/digital/post_stream.h"
#include "sonic/plan/pool_windows.h"

#include <algorithm>

namespace sonic::estimate {

namespace {

using plan::post_source;

/// What one channel of a job takes.
struct channel_beats {
  std::uint64_t first_group = 0; ///< beats of its first group of elements
  std::uint64_t beats = 0;       ///< of all groups
  std::uint64_t divided = 0;     ///< of all groups, each at least as long as a division
};

/// Groups of so many windows step through all positions that any of them has inside the image.
channel_beats beats_of_pool(const regs::descriptor& d, const plan::rectangle& output, bool mean, std::uint32_t lanes) {
  const plan::pool_windows windows(d, output);
  const plan::window_sizes sizes(windows, d);
  const auto columns = static_cast<std::size_t>(windows.columns.outputs());
  const std::size_t outputs = columns * static_cast<std::size_t>(windows.rows.outputs());
  const auto meets = [](const plan::window_axis& axis, std::int64_t step, std::size_t at) {
    const auto reach = axis.inside(step);
    const auto position = static_cast<std::int64_t>(at);
    return position >= reach.begin && position < reach.end;
  };
  channel_beats found;
  for (std::size_t begin = 0; begin < outputs; begin += lanes) {
    const std::size_t end = std::min<std::size_t>(outputs, begin + lanes);
    std::uint64_t beats = 0;
    for (const std::int64_t row : windows.rows.steps()) {
      for (const std::int64_t column : windows.columns.steps()) {
        bool any = false;
        for (std::size_t o = begin; o < end && !any; ++o) {
          any = meets(windows.rows, row, o / columns) && meets(windows.columns, column, o % columns);
        }
        beats += any ? 1 : 0;
      }
    }
    std::uint64_t padding = 0;
    for (std::size_t o = begin; o < end && mean; ++o) {
      constexpr std::uint64_t largest_word = 0xFFFFFFFF;
      padding = std::max(padding, (sizes.padding[o] + largest_word - 1) / largest_word);
    }
    beats = std::max<std::uint64_t>(beats + padding, 1);
    found.first_group = begin == 0 ? beats : found.first_group;
    found.beats += beats;
    found.divided += std::max<std::uint64_t>(beats, digital::post_division);
  }
  return found;
}

std::uint64_t cycles_of(const channel_beats& channel, std::uint64_t channels, bool mean) {
  if (!mean) {
    return digital::post_cycles(channel.beats * channels);
  }
  const std::uint64_t first = std::max<std::uint64_t>(channel.first_group, digital::post_division);
  return digital::post_cycles(channel.divided * channels - first + channel.first_group + digital::post_division);
}

} // namespace

std::vector<post_count> post_counts_of(const planned_layer& layer, std::uint32_t lanes, std::uint32_t count) {
  std::vector<post_count> found;
  const planned_step* like = nullptr; // the last one that finished
  post_count of_like;
  for (const auto& s : layer.steps) {
    if (!s.finishes || s.source == post_source::fill) {
      found.emplace_back();
      continue;
    }
    const bool pools = s.source == post_source::max_pool || s.source == post_source::average_pool;
    const bool mean = s.source == post_source::average_pool;
    const bool same = like != nullptr && like->channels == s.channels && like->inner == s.inner &&
                      (!pools || (like->output.row_begin == s.output.row_begin &&
                                  like->output.column_begin == s.output.column_begin));
    if (!same) {
      channel_beats channel;
      channel.beats = (s.inner + lanes - 1) / lanes;
      if (pools) {
        channel = beats_of_pool(layer.descriptor, s.output, mean, lanes);
      }
      const auto streams = std::min<std::uint64_t>(count, s.channels);
      of_like = {};
      for (std::uint64_t p = 0; p < streams; ++p) {
        const std::uint64_t mine = cycles_of(channel, (s.channels - p + streams - 1) / streams, mean);
        of_like.sum += mine;
        of_like.most = std::max(of_like.most, mine);
      }
      of_like.last = cycles_of(channel, 1, mean);
      like = &s;
    }
    found.push_back(of_like);
  }
  return found;
}

} // namespace sonic::estimate
