// SPDX-License-Identifier: Apache-2.0
#include "sonic/plan/tiling.h"
#include "tests/support/graph_builder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace sonic;
using namespace sonic::plan;

TEST_CASE("walk tiles cover each element once and hold no more than allowed") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    tests::random_source random(seed);
    const auto extent = [&] { return static_cast<std::uint64_t>(random.integer(1, 6)); };
    const std::array<std::uint64_t, 4> extents{extent(), extent(), extent(), extent()};
    const auto most = static_cast<std::uint64_t>(random.integer(1, 80));
    std::vector<int> seen(extents[0] * extents[1] * extents[2] * extents[3]);
    walk_tiler tiles(extents, most);
    for (walk_tile t; tiles.next(t);) {
      std::uint64_t held = 0;
      for (std::uint64_t n = t.begin[0]; n < t.end[0]; ++n) {
        for (std::uint64_t c = t.begin[1]; c < t.end[1]; ++c) {
          for (std::uint64_t h = t.begin[2]; h < t.end[2]; ++h) {
            for (std::uint64_t w = t.begin[3]; w < t.end[3]; ++w, ++held) {
              ++seen[((n * extents[1] + c) * extents[2] + h) * extents[3] + w];
            }
          }
        }
      }
      CHECK(held <= most);
      CHECK(held > 0);
    }
    CHECK(std::count(seen.begin(), seen.end(), 1) == static_cast<std::ptrdiff_t>(seen.size()));
  }
}

TEST_CASE("a pattern merges contiguous loops into one piece") {
  const auto dense = make_pattern(64, 2, {1, 3, 4, 5}, {0, 20, 5, 1});
  CHECK(dense.piece_bytes == 120);
  CHECK(dense.counts == std::array<std::uint64_t, 4>{1, 1, 1, 1});
  const auto window = make_pattern(64, 2, {1, 3, 2, 2}, {0, 20, 5, 1});
  CHECK(window.piece_bytes == 4);
  CHECK(window.counts == std::array<std::uint64_t, 4>{1, 3, 2, 1});
  CHECK(window.total_bytes() == 24);
  const auto repeated = make_pattern(64, 2, {1, 1, 1, 7}, {0, 0, 0, 0});
  CHECK(repeated.piece_bytes == 2);
  CHECK(repeated.total_bytes() == 14);
}

TEST_CASE("window tiles cover the output once and their inputs fit") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    tests::random_source random(seed);
    const auto number = [&](std::int64_t low, std::int64_t high) {
      return static_cast<std::uint32_t>(random.integer(low, high));
    };
    regs::descriptor d{};
    d.operation = static_cast<std::uint8_t>(regs::operation::convolution);
    d.in_channels = number(1, 8);
    d.in_height = number(5, 20);
    d.in_width = number(5, 20);
    d.out_channels = number(1, 8);
    d.kernel_height = d.kernel_width = number(1, 3);
    d.stride_height = d.stride_width = number(1, 2);
    d.dilation_height = d.dilation_width = 1;
    d.pad_top = d.pad_left = d.pad_bottom = d.pad_right = number(0, 1);
    d.out_height = (d.in_height + 2 * d.pad_top - d.kernel_height) / d.stride_height + 1;
    d.out_width = (d.in_width + 2 * d.pad_left - d.kernel_width) / d.stride_width + 1;
    tile_limits limits;
    limits.global_buffer = 1U << 14;
    limits.activations = number(150, 4000);
    limits.partial_sums = number(64, 4000);
    const auto tiles = window_tiles(d, limits, d.out_channels, d.in_channels, 0);
    REQUIRE(tiles);
    std::vector<int> seen(std::size_t{d.out_height} * d.out_width);
    for (const auto& t : *tiles) {
      const auto in = input_of(d, t);
      CHECK(static_cast<std::uint64_t>(in.area()) * d.in_channels * 2 <= limits.activations);
      CHECK(static_cast<std::uint64_t>(t.area()) * d.out_channels * 4 <= limits.partial_sums);
      for (auto r = t.row_begin; r < t.row_end; ++r) {
        for (auto c = t.column_begin; c < t.column_end; ++c) {
          ++seen[static_cast<std::size_t>(r * d.out_width + c)];
        }
      }
    }
    CHECK(std::count(seen.begin(), seen.end(), 1) == static_cast<std::ptrdiff_t>(seen.size()));
  }
}

TEST_CASE("a layer that does not fit even at one position has no tiles") {
  regs::descriptor d{};
  d.operation = static_cast<std::uint8_t>(regs::operation::convolution);
  d.in_channels = 100;
  d.in_height = d.in_width = d.kernel_height = d.kernel_width = 3;
  d.stride_height = d.stride_width = d.dilation_height = d.dilation_width = 1;
  d.out_channels = d.out_height = d.out_width = 1;
  tile_limits limits;
  limits.global_buffer = 1U << 20;
  limits.activations = 1799; // 100 channels x 9 cells x 2 bytes are 1800
  limits.partial_sums = 1U << 20;
  CHECK_FALSE(window_tiles(d, limits, 1, 100, 0));
  limits.activations = 1800;
  CHECK(window_tiles(d, limits, 1, 100, 0));
}
