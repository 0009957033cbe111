// SPDX-License-Identifier: Apache-2.0
#include "tests/digital/random_job.h"

#include <algorithm>
#include <limits>

namespace sonic::tests {

namespace {

using digital::post_operation;

constexpr std::uint64_t largest_word = std::numeric_limits<std::uint32_t>::max();

/// Any of so many bits, with its sign: the ends, around zero, and all sizes between.
std::int64_t any_signed(random_source& random, int bits) {
  const std::int64_t low = std::numeric_limits<std::int64_t>::min() >> (64 - bits), high = -(low + 1);
  switch (random.integer(0, 9)) {
  case 0:
    return low;
  case 1:
    return high;
  case 2:
    return random.integer(-2, 2);
  default:
    return (random.chance(0.5) ? low : high) / (std::int64_t{1} << random.integer(1, bits - 1)) + random.integer(-1, 1);
  }
}

std::uint32_t any_code(random_source& random) {
  const auto kind = random.integer(0, 7);
  return kind == 0 ? 0U
                   : static_cast<std::uint32_t>(kind == 1 ? regs::largest_code : random.integer(0, regs::largest_code));
}

digital::post_constants any_layer(random_source& random) {
  digital::post_constants layer;
  constexpr std::int32_t unit = 1 << regs::slope_fraction_bits;
  const std::array<std::int32_t, 6> slopes{
      0,
      unit,
      -unit,
      regs::largest_slope,
      -regs::largest_slope,
      static_cast<std::int32_t>(random.integer(-regs::largest_slope, regs::largest_slope))};
  layer.negative_slope = slopes[static_cast<std::size_t>(random.integer(0, 5))];
  layer.output_zero_point = static_cast<std::int32_t>(any_code(random));
  layer.clip_low = random.chance(0.6) ? 0 : static_cast<std::int32_t>(any_code(random));
  layer.clip_high = random.chance(0.6) ? regs::largest_code
                                       : static_cast<std::int32_t>(random.integer(layer.clip_low, regs::largest_code));
  return layer;
}

regs::parameters_code16 any_channel(random_source& random, post_operation operation) {
  regs::parameters_code16 channel{};
  if (random.chance(0.5)) {
    channel.multiplier_a = static_cast<std::int32_t>(any_signed(random, 32));
    channel.multiplier_b = static_cast<std::int32_t>(any_signed(random, 32));
    channel.offset = any_signed(random, 64);
    channel.shift = static_cast<std::uint32_t>(random.integer(1, 63));
    return channel;
  }
  // What lowering gives: codes between the ends.
  const int bits = operation == post_operation::sums || operation == post_operation::mean ? 32 : 17;
  channel.shift = static_cast<std::uint32_t>(random.integer(bits - 15, 46));
  const std::int64_t most = std::min<std::int64_t>(
      std::int64_t{1} << (16 + channel.shift - static_cast<unsigned>(bits)), std::numeric_limits<std::int32_t>::max());
  channel.multiplier_a = static_cast<std::int32_t>(random.integer(-most, most));
  channel.multiplier_b = static_cast<std::int32_t>(random.integer(-most, most));
  channel.offset = random.integer(-regs::largest_code, regs::largest_code) << channel.shift;
  return channel;
}

std::uint32_t any_keep(random_source& random, std::uint32_t count) {
  const auto all = (std::uint32_t{1} << count) - 1;
  const auto kind = random.integer(0, 5);
  return kind == 0 ? 0U : kind < 3 ? all : static_cast<std::uint32_t>(random.integer(0, all));
}

/// One group of windows, a beat for each step.
void add_windows(digital::post_stream& job, random_source& random, std::uint32_t count) {
  const bool mean = job.operation == post_operation::mean;
  const auto steps = random.integer(1, random.chance(0.2) ? 45 : 5);
  std::vector<std::uint64_t> totals(count, 0);
  const bool with_padding = mean && random.chance(0.4);
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto keep = any_keep(random, count);
    const bool padding = with_padding && step > 0 && step >= steps - 2;
    for (std::uint32_t l = 0; l < job.lanes; ++l) {
      const auto a = l >= count ? 0U
                     : padding  ? static_cast<std::uint32_t>(any_signed(random, 32)) // its bits
                                : any_code(random);
      job.a.push_back(a);
      job.b.push_back(0);
      if (l < count && (keep >> l & 1) != 0) {
        totals[l] += a;
      }
    }
    job.beats.push_back({.keep = static_cast<std::uint16_t>(keep),
                         .count = static_cast<std::uint8_t>(count),
                         .first = step == 0,
                         .last = step == steps - 1,
                         .channel_last = false});
  }
  for (std::uint32_t l = 0; mean && l < count; ++l) {
    // At least what makes room for the total; more, up to the largest.
    const std::uint64_t least = std::max<std::uint64_t>(
        (totals[l] + regs::largest_code - 1) / static_cast<std::uint64_t>(regs::largest_code), 1);
    const auto kind = random.integer(0, 3);
    const std::uint64_t divisor = kind == 0 ? least
                                  : kind == 1
                                      ? largest_word
                                      : least + static_cast<std::uint64_t>(random.integer(0, kind == 2 ? 9 : 100000));
    *(job.b.end() - job.lanes + l) = static_cast<std::uint32_t>(std::min(divisor, largest_word));
  }
}

void add_elements(digital::post_stream& job, random_source& random, std::uint32_t count) {
  for (std::uint32_t l = 0; l < job.lanes; ++l) {
    const bool held = l < count;
    const bool sums = job.operation == post_operation::sums;
    job.a.push_back(!held ? 0U : sums ? static_cast<std::uint32_t>(any_signed(random, 32)) : any_code(random));
    job.b.push_back(!held || sums ? 0U : any_code(random));
  }
  job.beats.push_back(
      {.keep = 0, .count = static_cast<std::uint8_t>(count), .first = true, .last = true, .channel_last = false});
}

} // namespace

digital::post_stream draw_job(random_source& random, std::uint32_t lanes, post_operation operation) {
  digital::post_stream job;
  job.lanes = lanes;
  job.operation = operation;
  job.layer = any_layer(random);
  const bool folds = operation == post_operation::maximum || operation == post_operation::mean;
  for (auto channels = random.integer(1, 4); channels > 0; --channels) {
    job.channels.push_back(any_channel(random, operation));
    for (auto groups = random.integer(1, 6); groups > 0; --groups) {
      const auto count = random.chance(0.5) ? lanes : static_cast<std::uint32_t>(random.integer(1, lanes));
      folds ? add_windows(job, random, count) : add_elements(job, random, count);
    }
    job.beats.back().channel_last = true;
  }
  return job;
}

} // namespace sonic::tests
