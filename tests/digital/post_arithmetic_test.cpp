// SPDX-License-Identifier: Apache-2.0
// The post-processor's vectors give the bits of one element at a time, for every kind of slope and extreme constants.
#include "sonic/digital/post_arithmetic.h"
#include "tests/support/graph_builder.h"

#include <catch2/catch.hpp>

#include <iostream>
#include <limits>
#include <vector>

using namespace sonic;

TEST_CASE("vectors requantise as one element at a time") {
  constexpr std::uint64_t seed = 31337;
  constexpr int trials = 2000;
  tests::random_source random(seed);
  const auto any32 = [&] {
    // Small, and with all bits.
    const std::int64_t bound = std::int64_t{1} << random.integer(1, 31);
    return static_cast<std::int32_t>(random.integer(-bound, bound - 1));
  };
  std::size_t compared = 0;
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    regs::descriptor layer{};
    const std::int64_t kind = random.integer(0, 3);
    layer.negative_slope = kind == 0   ? 0
                           : kind == 1 ? 32768
                                       : static_cast<std::int32_t>(random.integer(-1048576, 1048576));
    layer.output_zero_point = static_cast<std::int32_t>(random.integer(0, 65535));
    layer.clip_low = static_cast<std::int32_t>(random.integer(0, 65535));
    layer.clip_high = static_cast<std::int32_t>(random.integer(layer.clip_low, 65535));
    regs::parameters_code16 channel{};
    channel.multiplier_a = any32();
    channel.multiplier_b = any32();
    channel.offset = std::int64_t{any32()} << random.integer(0, 30);
    channel.shift = static_cast<std::uint32_t>(random.integer(1, 62));
    const digital::code16_post post(layer);

    const auto count = static_cast<std::size_t>(random.integer(0, 70));
    std::vector<std::int32_t> sums(count);
    std::vector<std::uint16_t> a(count), b(count), found(count), expected(count);
    for (std::size_t i = 0; i < count; ++i) {
      sums[i] = any32();
      a[i] = static_cast<std::uint16_t>(random.integer(0, 65535));
      b[i] = static_cast<std::uint16_t>(random.integer(0, 65535));
    }
    for (std::size_t i = 0; i < count; ++i) {
      expected[i] = post(sums[i], 0, channel);
    }
    post(sums.data(), count, channel, found.data());
    REQUIRE(found == expected);
    for (std::size_t i = 0; i < count; ++i) {
      expected[i] = post(a[i], b[i], channel);
    }
    post(a.data(), b.data(), count, channel, found.data());
    REQUIRE(found == expected);
    for (std::size_t i = 0; i < count; ++i) {
      expected[i] = post(a[i], 0, channel);
    }
    post(a.data(), nullptr, count, channel, a.data()); // over its own operand
    REQUIRE(a == expected);
    compared += 3 * count;
  }
  std::cout << trials << " channels from seed " << seed << ": " << compared << " elements, all equal\n";
}
