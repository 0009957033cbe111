// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/dot_product.h"

#include "sonic/physics/block_kernels.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cfenv>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace sonic {

namespace {

using physics::instruction_set;

struct random_block {
  std::vector<float> stationary;
  std::vector<float> values;                ///< [lane][symbol]
  std::vector<std::uint32_t> offsets, rows; ///< lanes have the rows in reverse
  std::uint32_t end = 0;                    ///< lanes
  std::size_t symbols = 0;
  float scale = 1.0F, inverse_lsb = 1.0F;

  random_block(std::mt19937& random, std::size_t lanes, std::size_t count)
      : end(static_cast<std::uint32_t>(lanes)), symbols(count) {
    std::uniform_real_distribution<float> level(-1.0F, 1.0F);
    std::uniform_int_distribution<int> code(0, 65535);
    for (std::size_t l = 0; l < lanes; ++l) {
      stationary.push_back(level(random));
      rows.push_back(static_cast<std::uint32_t>(lanes - 1 - l));
      offsets.push_back(static_cast<std::uint32_t>(values.size()));
      for (std::size_t s = 0; s < symbols; ++s) {
        values.push_back(static_cast<float>(code(random) < 20000 ? 0 : code(random)));
      }
    }
    scale = static_cast<float>(1 + code(random) % 63) / 63.0F;
    inverse_lsb = 32767.0F / (60000.0F * (1.0F + 0.3F * static_cast<float>(lanes)));
  }

  [[nodiscard]] physics::lanes lanes() const {
    return {stationary.data(), values.data(), offsets.data(), rows.data(), end};
  }
  /// Of this block alone; refers to it.
  [[nodiscard]] physics::block_sequence sequence() const {
    return {stationary.data(), values.data(), offsets.data(), rows.data(), &end, 0, 1};
  }
  [[nodiscard]] float value(std::size_t lane, std::size_t symbol) const { return values[offsets[rows[lane]] + symbol]; }
};

constexpr float full_code = 32767.0F;

/// The sums one operation at a time: each result goes through memory, so nothing can be fused or reordered.
std::vector<float> slow_sums(const random_block& b) {
  std::vector<float> sums;
  for (std::size_t s = 0; s < b.symbols; ++s) {
    volatile float sum = b.stationary[0] * b.value(0, s);
    for (std::size_t l = 1; l < b.stationary.size(); ++l) {
      volatile float product = b.stationary[l] * b.value(l, s);
      sum = sum + product;
    }
    sums.push_back(float{sum});
  }
  return sums;
}

std::int32_t slow_code(float sum, float scale, float inverse_lsb, float full) {
  volatile float scaled = sum * scale;
  volatile float code = scaled * inverse_lsb;
  const float clamped = code < -full ? -full : code > full ? full : float{code};
  return static_cast<std::int32_t>(std::nearbyint(clamped)); // ties to even: the default of the environment
}

std::vector<double> slow_exact(const random_block& b, const std::vector<double>& before) {
  std::vector<double> sums = before;
  for (std::size_t s = 0; s < b.symbols; ++s) {
    volatile double sum = before[s];
    for (std::size_t l = 0; l < b.stationary.size(); ++l) {
      volatile double factor = double{b.stationary[l]} * double{b.scale};
      volatile double product = factor * double{b.value(l, s)};
      sum = sum + product;
    }
    sums[s] = sum;
  }
  return sums;
}

} // namespace

TEST_CASE("every instruction set computes the bits of one operation at a time") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  std::vector<std::size_t> lane_counts{25, 50, 64, 65};
  for (std::size_t lanes = 1; lanes <= 18; ++lanes) {
    lane_counts.push_back(lanes);
  }
  const std::vector<std::size_t> symbol_counts{0, 1, 2, 7, 15, 16, 17, 63, 64, 255, 256, 257, 700};
  for (const auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512f}) {
    const auto* kernels = physics::kernels_for(set);
    if (kernels == nullptr) {
      WARN("this processor does not have instruction set " << int(set));
      continue;
    }
    std::size_t sums_compared = 0;
    for (const std::size_t lanes : lane_counts) {
      for (const std::size_t symbols : symbol_counts) {
        CAPTURE(int(set), lanes, symbols);
        const random_block b(random, lanes, symbols);
        const auto expected = slow_sums(b);
        std::vector<float> sums(symbols, -1.0F);
        kernels->detect(b.lanes(), symbols, sums.data());
        REQUIRE(sums == expected);

        std::vector<std::int32_t> separate(symbols, 1000), fused(symbols, 1000), slow(symbols, 1000);
        for (std::size_t s = 0; s < symbols; ++s) {
          slow[s] += slow_code(expected[s], b.scale, b.inverse_lsb, full_code);
        }
        const physics::conversion how{b.scale, b.inverse_lsb, full_code};
        kernels->convert(sums.data(), symbols, how, separate.data());
        kernels->detect_and_convert(b.sequence(), symbols, how, fused.data());
        REQUIRE(separate == slow);
        REQUIRE(fused == slow);

        std::vector<double> exact(symbols, 0.1);
        const auto exact_expected = slow_exact(b, exact);
        kernels->accumulate_exact(b.lanes(), symbols, b.scale, exact.data());
        REQUIRE(exact == exact_expected);
        sums_compared += symbols;
      }
    }
    WARN("instruction set " << int(set) << ": " << sums_compared << " sums, deviation 0 bits");
  }
}

TEST_CASE("blocks that add to the same sums give the bits of one block after the other, however many") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const auto any = [&](std::size_t from, std::size_t to) {
    return std::uniform_int_distribution<std::size_t>(from, to)(random);
  };
  std::size_t compared = 0;
  for (const std::size_t count : {0U, 1U, 2U, 17U, 255U, 256U, 257U, 600U}) {
    const std::size_t symbols = any(1, 150);
    std::vector<random_block> blocks;
    // The same one behind the other; the first lanes and values belong to no block.
    std::vector<float> stationary(3, 1.0F), values(5, 1.0F);
    std::vector<std::uint32_t> offsets, rows(3, 0), ends;
    for (std::size_t i = 0; i < count; ++i) {
      blocks.emplace_back(random, any(0, 20) == 0 ? any(9, 30) : any(1, 8), symbols);
    }
    float largest = 0.0F;
    for (const auto& b : blocks) {
      stationary.insert(stationary.end(), b.stationary.begin(), b.stationary.end());
      for (const auto row : b.rows) {
        rows.push_back(static_cast<std::uint32_t>(offsets.size()) + row);
      }
      for (const auto offset : b.offsets) {
        offsets.push_back(static_cast<std::uint32_t>(values.size()) + offset);
      }
      values.insert(values.end(), b.values.begin(), b.values.end());
      ends.push_back(static_cast<std::uint32_t>(stationary.size()));
      largest = std::max(largest, 65535.0F * static_cast<float>(b.stationary.size()));
    }
    const physics::block_sequence together{stationary.data(),
                                           values.data(),
                                           offsets.data(),
                                           rows.data(),
                                           ends.data(),
                                           3,
                                           static_cast<std::uint32_t>(count)};
    for (const float scale : {1.0F, 0.5F, 3.0F / 63.0F}) {
      // The gain makes some codes saturate; with the third one no sum may be limited after it is rounded.
      for (const float inverse_lsb : {0.1F, 2.0F, 1e6F}) {
        CAPTURE(count, symbols, scale, inverse_lsb);
        std::vector<std::int32_t> expected(symbols, -7);
        for (const auto& b : blocks) {
          const auto sums = slow_sums(b);
          for (std::size_t s = 0; s < symbols; ++s) {
            expected[s] += slow_code(sums[s], scale, inverse_lsb, full_code);
          }
        }
        for (const auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512f}) {
          if (const auto* kernels = physics::kernels_for(set)) {
            CAPTURE(int(set));
            std::vector<std::int32_t> known(symbols, -7), unknown(symbols, -7);
            kernels->detect_and_convert(together, symbols, {scale, inverse_lsb, full_code, largest}, known.data());
            kernels->detect_and_convert(together, symbols, {scale, inverse_lsb, full_code}, unknown.data());
            REQUIRE(known == expected);
            REQUIRE(unknown == expected);
            compared += symbols;
          }
        }
      }
    }
  }
  WARN(compared << " partial sums, deviation 0 bits");
}

TEST_CASE("the functions run the best instruction set that the processor has") {
  std::mt19937 random(Catch::rngSeed());
  const random_block b(random, 5, 100);
  const auto expected = slow_sums(b);
  std::vector<float> sums(b.symbols);
  std::vector<std::int32_t> separate(b.symbols), fused(b.symbols);
  std::vector<double> exact(b.symbols);
  const physics::conversion how{b.scale, b.inverse_lsb, full_code};
  physics::detect(b.lanes(), b.symbols, sums.data());
  physics::convert(sums.data(), b.symbols, how, separate.data());
  physics::detect_and_convert(b.sequence(), b.symbols, how, fused.data());
  physics::accumulate_exact(b.lanes(), b.symbols, b.scale, exact.data());
  CHECK(sums == expected);
  CHECK(separate == fused);
  CHECK(exact == slow_exact(b, std::vector<double>(b.symbols, 0.0)));
  CHECK(physics::kernels_for(instruction_set::baseline) != nullptr);
}

TEST_CASE("a multiplication and an addition are not fused") {
  // (1 + 2^-12)^2 needs 25 bits: rounded to 24 it loses 2^-24, which a fused operation would keep.
  const float x = 1.0F + std::exp2(-12.0F);
  const std::vector<float> stationary{-1.0F, x};
  const std::vector<float> streams{1.0F + std::exp2(-11.0F), x};
  const std::vector<std::uint32_t> offsets{0, 1};
  for (const auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512f}) {
    if (const auto* kernels = physics::kernels_for(set)) {
      float sum = 1.0F;
      kernels->detect({stationary.data(), streams.data(), offsets.data(), offsets.data(), 2}, 1, &sum);
      CHECK(sum == 0.0F);
      std::int32_t code = 0;
      const std::uint32_t end = 2;
      kernels->detect_and_convert({stationary.data(), streams.data(), offsets.data(), offsets.data(), &end, 0, 1}, 1,
                                  {1.0F, std::exp2(24.0F), full_code}, &code);
      CHECK(code == 0);
      CHECK(std::fma(x, x, -streams[0]) == std::exp2(-24.0F));
    }
  }
}

TEST_CASE("codes round half to even, saturate evenly, and add to what is there") {
  const std::vector<float> sums{0.5F,  1.5F,   2.5F,     -0.5F,    -1.5F,     -2.5F,    0.49999997F,
                                1e30F, -1e30F, 32766.5F, 32767.5F, -32767.6F, INFINITY, -INFINITY};
  const std::vector<std::int32_t> expected{0, 2, 2, 0, -2, -2, 0, 32767, -32767, 32766, 32767, -32767, 32767, -32767};
  for (const auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512f}) {
    if (const auto* kernels = physics::kernels_for(set)) {
      CAPTURE(int(set));
      std::vector<std::int32_t> codes(sums.size(), 7);
      kernels->convert(sums.data(), sums.size(), {1.0F, 1.0F, full_code}, codes.data());
      for (std::size_t i = 0; i < sums.size(); ++i) {
        CAPTURE(sums[i]);
        CHECK(codes[i] == 7 + expected[i]);
      }
      // Light is never a NaN, but what stands in memory may be: it must have some code.
      std::vector<float> nothing(20, std::numeric_limits<float>::quiet_NaN());
      std::vector<std::int32_t> nan_codes(nothing.size());
      kernels->convert(nothing.data(), nothing.size(), {1.0F, 1.0F, full_code}, nan_codes.data());
      CHECK(nan_codes == std::vector<std::int32_t>(nothing.size(), -32767));
    }
  }
}

TEST_CASE("sums that no converter can hold saturate or read as -full_code in blocks, too") {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nothing = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> streams;
  for (int i = 0; i < 5; ++i) { // 20 symbols: whole vectors, and what they leave
    streams.insert(streams.end(), {infinity, -infinity, nothing, 1e30F});
  }
  const auto symbols = streams.size();
  for (const std::size_t lanes : {1U, 9U}) { // in registers, and through memory
    const std::vector<float> stationary(lanes, 1.0F);
    const std::vector<std::uint32_t> offsets(1, 0), rows(lanes, 0), ends(1, static_cast<std::uint32_t>(lanes));
    const physics::block_sequence block{
        stationary.data(), streams.data(), offsets.data(), rows.data(), ends.data(), 0, 1};
    for (const float inverse_lsb : {1.0F, infinity}) {
      for (const auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512f}) {
        if (const auto* kernels = physics::kernels_for(set)) {
          CAPTURE(int(set), lanes, inverse_lsb);
          std::vector<std::int32_t> codes(symbols, 3);
          kernels->detect_and_convert(block, symbols, {1.0F, inverse_lsb, full_code, 9.0F * 65535.0F}, codes.data());
          for (std::size_t s = 0; inverse_lsb == infinity && s < symbols; ++s) {
            CHECK(codes[s] == 3 + (s % 4 == 1 || s % 4 == 2 ? -32767 : 32767));
          }
          std::fill(codes.begin(), codes.end(), 3);
          kernels->detect_and_convert(block, symbols, {1.0F, inverse_lsb, full_code}, codes.data());
          for (std::size_t s = 0; s < symbols; ++s) {
            CHECK(codes[s] == 3 + (s % 4 == 1 || s % 4 == 2 ? -32767 : 32767));
          }
        }
      }
    }
  }
}

TEST_CASE("limiting after rounding holds up to the largest sum that is let through") {
  // 2^21 codes is the border; a converter of the widest kind does not saturate there.
  const std::vector<float> stationary{1.0F, -1.0F};
  const std::vector<std::uint32_t> offsets{0}, rows{0, 0}, ends{1, 2};
  std::vector<float> streams;
  for (const float codes : {2097151.5F, 2097152.0F, 2097150.5F, 1048576.5F, 0.5F, 1.5F}) {
    streams.push_back(codes);
  }
  for (const float largest : {2097152.0F, std::nextafter(2097152.0F, 1e9F)}) {
    for (const float full : {32767.0F, 2097152.0F}) {
      for (const auto set : {instruction_set::baseline, instruction_set::avx2, instruction_set::avx512f}) {
        if (const auto* kernels = physics::kernels_for(set)) {
          CAPTURE(int(set), largest, full);
          std::vector<std::int32_t> positive(streams.size()), both(streams.size());
          const physics::block_sequence one{
              stationary.data(), streams.data(), offsets.data(), rows.data(), ends.data(), 0, 1};
          auto two = one;
          two.count = 2;
          kernels->detect_and_convert(one, streams.size(), {1.0F, 1.0F, full, largest}, positive.data());
          kernels->detect_and_convert(two, streams.size(), {1.0F, 1.0F, full, largest}, both.data());
          for (std::size_t s = 0; s < streams.size(); ++s) {
            CHECK(positive[s] == slow_code(streams[s], 1.0F, 1.0F, full));
            CHECK(both[s] == 0);
          }
        }
      }
    }
  }
}

TEST_CASE("rounding by a magic number is exact for every half step of the widest converter") {
  std::vector<float> halves;
  for (std::int32_t i = -2 * (1 << 21); i <= 2 * (1 << 21); i += 3) {
    halves.push_back(0.5F * static_cast<float>(i));
  }
  std::vector<std::int32_t> codes(halves.size());
  constexpr float widest = 2097152.0F;
  physics::convert(halves.data(), halves.size(), {1.0F, 1.0F, widest}, codes.data());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < halves.size(); ++i) {
    wrong += codes[i] == slow_code(halves[i], 1.0F, 1.0F, widest) ? 0U : 1U;
  }
  INFO(halves.size() << " values");
  CHECK(wrong == 0);
}

} // namespace sonic
