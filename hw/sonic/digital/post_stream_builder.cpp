// SPDX-License-Identifier: Apache-2.0
#include "sonic/digital/post_stream_builder.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace sonic::digital {

namespace {

constexpr std::uint64_t largest_word = std::numeric_limits<std::uint32_t>::max();

} // namespace

post_stream_builder::post_stream_builder(std::uint32_t lanes, post_operation operation, const post_constants& layer) {
  assert(lanes >= 1 && lanes <= most_post_lanes);
  job_.lanes = lanes;
  job_.operation = operation;
  job_.layer = layer;
}

void post_stream_builder::channel(const regs::parameters_code16& record) {
  job_.channels.push_back(record);
}

void post_stream_builder::sums(std::span<const std::int32_t> a) {
  for (std::size_t begin = 0; begin < a.size(); begin += job_.lanes) {
    const std::size_t count = begin_group(begin, a.size());
    add_beat(
        {.keep = 0, .count = group_count_, .first = true, .last = true, .channel_last = begin + count == a.size()});
    std::transform(a.begin() + static_cast<std::ptrdiff_t>(begin),
                   a.begin() + static_cast<std::ptrdiff_t>(begin + count), job_.a.end() - job_.lanes,
                   [](std::int32_t sum) { return static_cast<std::uint32_t>(sum); });
  }
}

void post_stream_builder::codes(std::span<const std::uint16_t> a, std::span<const std::uint16_t> b) {
  assert(b.empty() || b.size() == a.size());
  for (std::size_t begin = 0; begin < a.size(); begin += job_.lanes) {
    const std::size_t count = begin_group(begin, a.size());
    add_beat(
        {.keep = 0, .count = group_count_, .first = true, .last = true, .channel_last = begin + count == a.size()});
    std::ranges::copy(a.subspan(begin, count), job_.a.end() - job_.lanes);
    if (!b.empty()) {
      std::ranges::copy(b.subspan(begin, count), job_.b.end() - job_.lanes);
    }
  }
}

std::size_t post_stream_builder::begin_group(std::size_t begin, std::size_t outputs) {
  group_count_ = static_cast<std::uint8_t>(std::min<std::size_t>(job_.lanes, outputs - begin));
  group_begin_ = job_.beats.size();
  return group_count_;
}

void post_stream_builder::add_beat(const post_beat& beat) {
  job_.beats.push_back(beat);
  job_.a.resize(job_.a.size() + job_.lanes, 0);
  job_.b.resize(job_.b.size() + job_.lanes, 0);
}

void post_stream_builder::add_step(std::uint32_t keep, const std::array<std::uint32_t, most_post_lanes>& a) {
  add_beat({.keep = static_cast<std::uint16_t>(keep),
            .count = group_count_,
            .first = job_.beats.size() == group_begin_,
            .last = false,
            .channel_last = false});
  std::copy_n(a.begin(), job_.lanes, job_.a.end() - job_.lanes);
}

void post_stream_builder::end_group(std::size_t begin, std::size_t outputs, std::span<const std::uint64_t> padding,
                                    std::span<const std::uint64_t> divisor) {
  // What padding adds may be larger than a lane's word: then more than one beat carries it.
  std::array<std::uint64_t, most_post_lanes> left{};
  if (!padding.empty()) {
    std::ranges::copy(padding.subspan(begin, group_count_), left.begin());
  }
  while (std::ranges::any_of(left, [](std::uint64_t each) { return each > 0; })) {
    std::uint32_t keep = 0;
    std::array<std::uint32_t, most_post_lanes> a{};
    for (std::size_t l = 0; l < group_count_; ++l) {
      a[l] = static_cast<std::uint32_t>(std::min(left[l], largest_word));
      keep |= a[l] > 0 ? 1U << l : 0U;
      left[l] -= a[l];
    }
    add_step(keep, a);
  }
  if (job_.beats.size() == group_begin_) {
    add_step(0, {}); // only empty windows
  }
  auto& end = job_.beats.back();
  end.last = true;
  end.channel_last = begin + group_count_ == outputs;
  if (job_.operation == post_operation::mean) {
    for (std::size_t l = 0; l < group_count_; ++l) {
      assert(divisor[begin + l] <= largest_word);
      const auto word = static_cast<std::uint32_t>(std::max<std::uint64_t>(divisor[begin + l], 1));
      *(job_.b.end() - job_.lanes + static_cast<std::ptrdiff_t>(l)) = word;
    }
  }
}

} // namespace sonic::digital
