// SPDX-License-Identifier: Apache-2.0
// Pools of a plane are those of the definition, whatever the window: also wholly in the padding, and far larger than
// the image, where the work stays bounded.
#include "sonic/chip/post/pooling.h"
#include "sonic/plan/tiling.h"
#include "tests/chip/window_tile.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

using namespace sonic;

namespace {

/// One output's window by the definition.
struct window {
  int largest = -1;
  std::uint64_t total = 0, inside = 0, padded = 0;
};

window look_at(const regs::descriptor& d, const std::vector<std::uint16_t>& image, std::int64_t r, std::int64_t c) {
  window w;
  for (std::int64_t kr = 0; kr < d.kernel_height; ++kr) {
    for (std::int64_t kc = 0; kc < d.kernel_width; ++kc) {
      const std::int64_t y = r * d.stride_height + kr * d.dilation_height - std::int64_t{d.pad_top};
      const std::int64_t x = c * d.stride_width + kc * d.dilation_width - std::int64_t{d.pad_left};
      w.padded += y < std::int64_t{d.in_height} + d.pad_bottom && x < std::int64_t{d.in_width} + d.pad_right ? 1U : 0U;
      if (y >= 0 && y < d.in_height && x >= 0 && x < d.in_width) {
        const int cell = image[static_cast<std::size_t>(y * d.in_width + x)];
        w.largest = std::max(w.largest, cell);
        w.total += static_cast<std::uint64_t>(cell);
        ++w.inside;
      }
    }
  }
  return w;
}

} // namespace

TEST_CASE("pools of a plane are those of the definition") {
  constexpr std::uint64_t seed = 1618;
  constexpr int trials = 3000;
  tests::random_source random(seed);
  std::size_t compared = 0;
  std::size_t only_padding = 0;
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    const auto any = [&](std::int64_t from, std::int64_t to) {
      return static_cast<std::uint32_t>(random.integer(from, to));
    };
    regs::descriptor d{};
    d.in_height = any(1, 9);
    d.in_width = any(1, 20);
    d.kernel_height = any(1, random.chance(0.1) ? 40 : 4);
    d.kernel_width = any(1, random.chance(0.1) ? 40 : 4);
    d.stride_height = any(1, 4);
    d.stride_width = any(1, 4);
    d.dilation_height = any(1, 3);
    d.dilation_width = any(1, 3);
    d.pad_top = any(0, 6);
    d.pad_left = any(0, 6);
    d.pad_bottom = any(0, 6);
    d.pad_right = any(0, 6);
    d.out_height = any(1, 6);
    d.out_width = any(1, 12);
    const auto output = tests::random_tile(d, random);
    std::vector<std::uint16_t> image(std::size_t{d.in_height} * d.in_width);
    for (auto& cell : image) {
      cell = static_cast<std::uint16_t>(any(0, 65535));
    }
    const auto input = plan::input_of(d, output);
    const auto cells = tests::cut_out(d, 1, input, image);
    const plan::pool_windows windows(d, output);
    std::vector<int> largest(static_cast<std::size_t>(output.area()), -1);
    std::vector<std::uint64_t> totals(largest.size(), 0);
    chip::pool_plane(
        windows, input, cells.data(), [](int a, int b) { return std::max(a, b); }, largest.data());
    chip::pool_plane(
        windows, input, cells.data(), [](std::uint64_t a, std::uint64_t b) { return a + b; }, totals.data());
    const auto rows_inside = windows.rows.steps_inside(false);
    const auto columns_inside = windows.columns.steps_inside(false);
    const auto rows_padded = windows.rows.steps_inside(true);
    const auto columns_padded = windows.columns.steps_inside(true);
    std::size_t position = 0;
    for (std::int64_t r = output.row_begin; r < output.row_end; ++r) {
      for (std::int64_t c = output.column_begin; c < output.column_end; ++c, ++position) {
        const auto expected = look_at(d, image, r, c);
        const auto row = static_cast<std::size_t>(r - output.row_begin);
        const auto column = static_cast<std::size_t>(c - output.column_begin);
        REQUIRE(largest[position] == expected.largest);
        REQUIRE(totals[position] == expected.total);
        REQUIRE(rows_inside[row] * columns_inside[column] == expected.inside);
        REQUIRE(rows_padded[row] * columns_padded[column] == expected.padded);
        only_padding += expected.inside == 0 ? 1U : 0U;
        ++compared;
      }
    }
  }
  std::cout << trials << " tiles from seed " << seed << ": " << compared << " windows equal, " << only_padding
            << " of them wholly in the padding\n";
  CHECK(only_padding > 0);
}

TEST_CASE("a kernel far larger than the image asks for no more work than the image has") {
  constexpr std::uint32_t huge = 1U << 28;
  regs::descriptor d{};
  d.in_height = d.in_width = 8;
  d.kernel_height = d.kernel_width = huge;
  d.stride_height = d.stride_width = huge / 2;
  d.dilation_height = d.dilation_width = 1;
  d.pad_top = d.pad_left = d.pad_bottom = d.pad_right = huge;
  d.out_height = d.out_width = 2;
  const plan::pool_windows windows(d, {0, 2, 0, 2});
  CHECK(windows.rows.steps().size() == 8); // of the second output; the first one's window ends before the image
  CHECK(windows.rows.steps_inside(true) == std::vector<std::uint64_t>{huge, huge});
}
