// SPDX-License-Identifier: Apache-2.0
// Patches laid out in overlapping rows are those of the definition, whatever the window, the tile and the padding.
#include "sonic/chip/decode/patch_gather.h"
#include "sonic/plan/tiling.h"
#include "tests/chip/window_tile.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

using namespace sonic;

namespace {

regs::descriptor random_layer(tests::random_source& random) {
  const auto any = [&](std::int64_t from, std::int64_t to) {
    return static_cast<std::uint32_t>(random.integer(from, to));
  };
  regs::descriptor d{};
  d.in_channels = any(1, 3);
  d.in_height = any(1, 9);
  d.in_width = any(1, 40);
  d.kernel_height = any(1, 4);
  d.kernel_width = any(1, 4);
  d.stride_height = any(1, 3);
  d.stride_width = random.chance(0.6) ? 1 : any(2, 3);
  d.dilation_height = any(1, 3);
  d.dilation_width = any(1, 5);
  d.pad_top = any(0, 5);
  d.pad_left = any(0, random.chance(0.1) ? 60 : 5);
  d.out_height = any(1, 8);
  d.out_width = any(1, 40);
  d.pad_value = random.chance(0.5) ? 0 : 7;
  return d;
}

struct patch {
  std::vector<float> values;
  std::uint32_t zeros = 0;
};

/// One row by the definition: what the window's cell reads at each output position.
patch row_of(const regs::descriptor& d, const transport::rectangle& output, const std::vector<std::uint16_t>& image,
             std::uint32_t channel, std::uint32_t kr, std::uint32_t kc) {
  patch row;
  for (std::int64_t r = output.row_begin; r < output.row_end; ++r) {
    for (std::int64_t c = output.column_begin; c < output.column_end; ++c) {
      const std::int64_t y = r * d.stride_height + std::int64_t{kr} * d.dilation_height - std::int64_t{d.pad_top};
      const std::int64_t x = c * d.stride_width + std::int64_t{kc} * d.dilation_width - std::int64_t{d.pad_left};
      const bool inside = y >= 0 && y < d.in_height && x >= 0 && x < d.in_width;
      const auto at = static_cast<std::size_t>((std::int64_t{channel} * d.in_height + y) * d.in_width + x);
      row.values.push_back(inside ? image[at] : static_cast<float>(d.pad_value));
      row.zeros += row.values.back() == 0.0F ? 1U : 0U;
    }
  }
  return row;
}

} // namespace

TEST_CASE("rows of patches and their zeros are those of the definition") {
  constexpr std::uint64_t seed = 90210;
  constexpr int trials = 3000;
  tests::random_source random(seed);
  chip::patch_gather patches;
  std::size_t compared = 0;
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    const auto d = random_layer(random);
    const auto output = tests::random_tile(d, random);
    std::vector<std::uint16_t> image(std::size_t{d.in_channels} * d.in_height * d.in_width);
    for (auto& cell : image) {
      cell = random.chance(0.4) ? 0 : static_cast<std::uint16_t>(random.integer(1, 65535));
    }
    const auto input = plan::input_of(d, output);
    const auto cells = tests::cut_out(d, d.in_channels, input, image);
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(cells.data());
    patches.load(d, input, output, {bytes, cells.size() * sizeof(std::uint16_t)});
    REQUIRE(patches.symbols() == static_cast<std::size_t>(output.area()));
    std::size_t row = 0;
    for (std::uint32_t channel = 0; channel < d.in_channels; ++channel) {
      for (std::uint32_t kr = 0; kr < d.kernel_height; ++kr) {
        for (std::uint32_t kc = 0; kc < d.kernel_width; ++kc, ++row) {
          CAPTURE(channel, kr, kc);
          const auto expected = row_of(d, output, image, channel, kr, kc);
          const float* const found = patches.values() + patches.offsets()[row];
          REQUIRE(std::equal(expected.values.begin(), expected.values.end(), found));
          REQUIRE(patches.zeros()[row] == expected.zeros);
          compared += expected.values.size();
        }
      }
    }
  }
  std::cout << trials << " tiles from seed " << seed << ": " << compared << " values, all equal\n";
}

TEST_CASE("a kernel as tall as tiles allow is planned in one pass over its rows") {
  // Anything that compares its rows with one another takes 10^12 steps, which no test waits for.
  regs::descriptor d{};
  constexpr std::uint32_t tall = 1U << 20U;
  d.in_channels = d.in_height = d.in_width = 1;
  d.kernel_height = tall;
  d.kernel_width = d.stride_width = d.dilation_width = d.dilation_height = 1;
  d.pad_top = d.pad_bottom = tall - 1;
  d.out_width = 1;
  const std::uint16_t image = 9;
  for (const std::uint32_t stride : {1U, 3U, tall}) {
    CAPTURE(stride);
    d.stride_height = stride;
    d.out_height = (tall - 1) / stride + 1;
    const transport::rectangle output{0, std::min<std::int64_t>(d.out_height, 3), 0, 1};
    const auto input = plan::input_of(d, output);
    REQUIRE(input.area() == 1);
    chip::patch_gather patches;
    patches.load(d, input, output, {reinterpret_cast<const std::uint8_t*>(&image), sizeof(image)});
    CHECK(patches.held() < 4 * std::size_t{tall});
    std::size_t met = 0; // the image's only value, once in each window
    for (std::uint32_t row = 0; row < tall; ++row) {
      const float* const values = patches.values() + patches.offsets()[row];
      const auto zeros = std::count(values, values + output.rows(), 0.0F);
      met += static_cast<std::size_t>(output.rows() - zeros);
      if (zeros != patches.zeros()[row]) {
        FAIL("row " << row << " has " << zeros << " zeros");
      }
    }
    CHECK(met == static_cast<std::size_t>(output.rows()));
  }
}

TEST_CASE("padding takes no room, however much of it a descriptor asks for") {
  constexpr std::uint32_t padding = 1U << 28U; // the most that descriptors may
  regs::descriptor d{};
  d.in_channels = 2;
  d.in_height = d.in_width = 8;
  d.kernel_height = d.kernel_width = 3;
  d.stride_height = d.dilation_height = d.dilation_width = 1;
  d.pad_top = d.pad_bottom = d.pad_left = d.pad_right = padding;
  d.pad_value = 7;
  const std::vector<std::uint16_t> image(128, 5);
  for (const std::uint32_t stride : {1U, 2U}) {
    d.stride_width = stride;
    d.out_height = padding + 8;
    d.out_width = (2 * padding + 6) / stride;
    const std::int64_t edge = padding / stride; // about where windows begin to meet the image
    for (const std::int64_t row : {std::int64_t{0}, std::int64_t{padding} - 1}) {
      for (const std::int64_t column : {std::int64_t{0}, edge - 3, edge + 1, std::int64_t{d.out_width} - 5}) {
        CAPTURE(stride, row, column);
        const transport::rectangle output{row, row + 2, column, column + 5};
        const auto input = plan::input_of(d, output);
        const auto cells = tests::cut_out(d, d.in_channels, input, image);
        chip::patch_gather patches;
        patches.load(d, input, output,
                     {reinterpret_cast<const std::uint8_t*>(cells.data()), cells.size() * sizeof(std::uint16_t)});
        CHECK(patches.held() < 1000);
        for (std::uint32_t i = 0; i < 18; ++i) {
          const auto expected = row_of(d, output, image, i / 9, i / 3 % 3, i % 3);
          CHECK(std::equal(expected.values.begin(), expected.values.end(), patches.values() + patches.offsets()[i]));
          CHECK(patches.zeros()[i] == expected.zeros);
        }
      }
    }
  }
}
