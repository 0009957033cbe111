// SPDX-License-Identifier: Apache-2.0
// Jobs laid out in beats, by hand.
#include "sonic/digital/post_stream_builder.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace sonic::digital;

namespace {

/// Shifts by one what is twice as large: the pooled value, or the operand, itself.
sonic::regs::parameters_code16 identity(std::uint32_t shift) {
  sonic::regs::parameters_code16 record{};
  record.multiplier_a = 2;
  record.shift = shift;
  return record;
}

constexpr post_constants all_codes{.negative_slope = 0, .output_zero_point = 0, .clip_low = 0, .clip_high = 65535};

} // namespace

TEST_CASE("elements of a channel are cut into beats, the last one shorter") {
  post_stream_builder builder(4, post_operation::sums, all_codes);
  const std::vector<std::int32_t> first{1, -2, 3, 4, 5}, second{6};
  builder.channel(identity(1));
  builder.sums(first);
  builder.channel(identity(1));
  builder.sums(second);
  const auto& job = builder.job();
  REQUIRE(job.beats.size() == 3);
  CHECK(job.beats[0].count == 4);
  CHECK(!job.beats[0].channel_last);
  CHECK(job.beats[1].count == 1);
  CHECK(job.beats[1].channel_last);
  CHECK(job.beats[2].channel_last);
  CHECK(job.a == std::vector<std::uint32_t>{1, 0xFFFFFFFE, 3, 4, 5, 0, 0, 0, 6, 0, 0, 0});
  std::vector<std::uint16_t> out(job.elements());
  run_post(job, out);
  CHECK(out == std::vector<std::uint16_t>{1, 0, 3, 4, 5, 6});
  CHECK(post_cycles(job) == 1 + 3 + 6);
}

TEST_CASE("windows step side by side, without a beat where no cell is") {
  post_stream_builder builder(2, post_operation::maximum, all_codes);
  builder.channel(identity(1));
  // Three windows of three steps: {7, -, 9}, {-, -, 4}, {}.
  const std::vector<std::vector<std::optional<std::uint16_t>>> cells{{7, {}, 9}, {{}, {}, 4}, {{}, {}, {}}};
  builder.windows(3, 3, [&](std::size_t o, std::size_t s) { return cells[o][s]; }, {}, {});
  const auto& job = builder.job();
  REQUIRE(job.beats.size() == 3);
  CHECK(job.beats[0].keep == 1);
  CHECK((job.beats[0].first && !job.beats[0].last));
  CHECK(job.beats[1].keep == 3);
  CHECK((job.beats[1].last && !job.beats[1].channel_last));
  CHECK(job.beats[2].keep == 0);
  CHECK((job.beats[2].first && job.beats[2].last && job.beats[2].channel_last));
  std::vector<std::uint16_t> out(job.elements());
  run_post(job, out);
  CHECK(out == std::vector<std::uint16_t>{9, 4, 0});
}

TEST_CASE("padding that counts is added in beats of its own, as many as 32 bits need") {
  constexpr std::uint64_t word = std::numeric_limits<std::uint32_t>::max();
  post_stream_builder builder(2, post_operation::mean, all_codes);
  builder.channel(identity(17)); // a mean has 16 fractional bits
  const std::vector<std::uint64_t> padding{2 * word + 5, 0}, divisor{1 << 20, 0};
  builder.windows(
      2, 1, [](std::size_t o, std::size_t) { return o == 0 ? std::optional<std::uint16_t>(10) : std::nullopt; },
      padding, divisor);
  const auto& job = builder.job();
  REQUIRE(job.beats.size() == 4); // a cell, two full words and 5
  CHECK(job.a == std::vector<std::uint32_t>{10, 0, 0xFFFFFFFF, 0, 0xFFFFFFFF, 0, 5, 0});
  CHECK(job.b == std::vector<std::uint32_t>{0, 0, 0, 0, 0, 0, 1 << 20, 1});
  std::vector<std::uint16_t> out(job.elements());
  run_post(job, out);
  CHECK(out == std::vector<std::uint16_t>{8192, 0}); // (2^33 + 13) / 2^20, and nothing by 1
  CHECK(post_cycles(job) == 1 + 4 + 33 + 6);
}
