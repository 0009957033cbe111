// SPDX-License-Identifier: Apache-2.0
#include "sonic/sparse/compression.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

namespace sonic {

namespace {

using positions = std::vector<std::uint32_t>;

positions cut(const positions& columns, std::uint32_t lanes, std::uint32_t slice, std::uint32_t base = 0) {
  positions ends;
  sparse::cut_kernel(columns, lanes, slice, base, ends);
  return ends;
}

} // namespace

TEST_CASE("a compressed kernel is cut at the lanes and, if wanted, at each slice") {
  // Two input channels of 3 x 3: six non-zeros in the first slice, two in the second.
  const positions kernel{0, 1, 3, 4, 7, 8, 10, 17};
  CHECK(cut(kernel, 5, 9) == positions{5, 6, 8});
  CHECK(cut(kernel, 5, 18) == positions{5, 8});
  CHECK(cut(kernel, 5, 9, 100) == positions{105, 106, 108});
  CHECK(cut(kernel, 1, 18) == positions{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(cut(kernel, 8, 18) == positions{8});
  CHECK(cut({}, 5, 9).empty());
  CHECK(cut({4294967294U, 4294967295U}, 5, 4294967295U) == positions{1, 2}); // no wrap at the last slice
}

TEST_CASE("vectors of random kernels are as few and as full as lanes and slices allow") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  for (int round = 0; round < 500; ++round) {
    const auto draw = [&](std::uint32_t low, std::uint32_t high) {
      return std::uniform_int_distribution<std::uint32_t>(low, high)(random);
    };
    const std::uint32_t lanes = draw(1, 9), slice = draw(1, 25), base = draw(0, 1000), length = draw(1, 200);
    CAPTURE(round, lanes, slice, length);
    positions kernel;
    for (std::uint32_t i = 0; i < length; ++i) {
      if (draw(0, 1) == 0) {
        kernel.push_back(i);
      }
    }
    const auto ends = cut(kernel, lanes, slice, base);
    // Closed form: each slice of z non-zeros makes ceil(z / lanes) vectors.
    std::size_t expected = 0;
    for (std::uint32_t begin = 0; begin < length; begin += slice) {
      const auto inside = [&](std::uint32_t c) { return c >= begin && c < begin + slice; };
      const auto z = static_cast<std::size_t>(std::count_if(kernel.begin(), kernel.end(), inside));
      expected += (z + lanes - 1) / lanes;
    }
    REQUIRE(ends.size() == expected);
    std::uint32_t begin = base;
    for (const std::uint32_t end : ends) {
      REQUIRE(end > begin);
      REQUIRE(end - begin <= lanes);
      REQUIRE(kernel[begin - base] / slice == kernel[end - 1 - base] / slice);
      begin = end;
    }
    REQUIRE(begin == base + kernel.size());
  }
}

TEST_CASE("compressed activations keep every non-zero and count what they delete") {
  positions kept{7, 7, 7};
  CHECK(sparse::compress_activations(std::vector<std::uint16_t>{0, 3, 0, 0, 65535}, kept) == 3);
  CHECK(kept == positions{1, 4});
  CHECK(sparse::compress_activations(std::vector<float>{0.0F, -0.0F, -1.0F, 1e-45F}, kept) == 2);
  CHECK(kept == positions{2, 3});
  CHECK(sparse::compress_activations(std::vector<float>{}, kept) == 0);
  CHECK(kept.empty());
}

} // namespace sonic
