// SPDX-License-Identifier: Apache-2.0
// Noise of conversions: the pool and its windows, the law beside the receiver's equations, and the effective bits of
// blocks as the kernels convert them beside the published table.
#include "sonic/physics/conversion_noise.h"
#include "sonic/physics/block_kernels.h"
#include "sonic/physics/decibel.h"
#include "sonic/physics/noise_pool.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

namespace sonic {

namespace {

physics::receiver_parameters published_receiver() {
  return {1.2, 35e-9, 50.0, 0.0259 * 1.602176634e-19 / 1.380649e-23, -140.0};
}

constexpr double sonic_rate_hz = 1.0 / 14e-9;

double deviation_of(const std::vector<std::int32_t>& values) {
  double sum = 0.0, squares = 0.0;
  for (const std::int32_t v : values) {
    sum += v;
    squares += static_cast<double>(v) * v;
  }
  const auto n = static_cast<double>(values.size());
  return std::sqrt(squares / n - sum / n * sum / n);
}

/// One-symbol lanes, as many blocks of one lane as codes are wanted: each with a window of its own.
struct blocks_of_one_lane {
  std::vector<float> stationary, stream;
  std::vector<std::uint32_t> offsets{0}, rows, ends;
  std::vector<std::uint16_t> windows;
  std::vector<float> deviations;

  blocks_of_one_lane(std::size_t blocks, std::size_t symbols, float value, float deviation, std::uint64_t seed)
      : stationary(blocks, 1.0F), stream(symbols, value), rows(blocks, 0) {
    physics::window_places places(seed, {1, 2, 3});
    for (std::size_t i = 0; i < blocks; ++i) {
      ends.push_back(static_cast<std::uint32_t>(i + 1));
      const auto w = places.next();
      windows.push_back(w.begin);
      deviations.push_back(w.sign * deviation);
    }
  }
  [[nodiscard]] physics::lanes block(std::size_t i) const {
    return {stationary.data() + i, stream.data(), offsets.data(), rows.data() + i, 1};
  }
  [[nodiscard]] physics::block_sequence sequence(std::size_t i) const {
    return {stationary.data(),
            stream.data(),
            offsets.data(),
            rows.data(),
            ends.data() + i,
            static_cast<std::uint32_t>(i),
            1};
  }
  [[nodiscard]] physics::block_sequence all() const {
    return {stationary.data(),
            stream.data(),
            offsets.data(),
            rows.data(),
            ends.data(),
            0,
            static_cast<std::uint32_t>(ends.size())};
  }
};

} // namespace

TEST_CASE("the pool holds normal deviates of mean 0 and deviation 1, others for another seed") {
  const physics::noise_pool pool(7), same(7), other(8);
  double sum = 0.0, squares = 0.0, fourth = 0.0, beside = 0.0;
  std::size_t within = 0, equal = 0;
  for (std::size_t i = 0; i < physics::noise_pool::size; ++i) {
    const double v = pool.values()[i];
    sum += v;
    squares += v * v;
    fourth += v * v * v * v;
    beside += v * pool.values()[i + 1];
    within += std::abs(v) < 1.0 ? 1U : 0U;
    equal += pool.values()[i] == other.values()[i] ? 1U : 0U;
    REQUIRE(pool.values()[i] == same.values()[i]);
  }
  constexpr double n = physics::noise_pool::size;
  const double share = static_cast<double>(within) / n;
  WARN("mean " << sum / n << ", variance " << squares / n << ", kurtosis " << fourth / n << " (3), neighbours "
               << beside / n << " (0), within one deviation " << share << " (0.6827), largest " << pool.largest());
  CHECK(std::abs(sum / n) < 1e-7);
  CHECK(std::abs(squares / n - 1.0) < 1e-6);
  // Four standard errors of n independent deviates: sqrt(96 / n), 1 / sqrt(n), sqrt(p (1 - p) / n).
  CHECK(std::abs(fourth / n - 3.0) < 4.0 * std::sqrt(96.0 / n));
  CHECK(std::abs(beside / n) < 4.0 / std::sqrt(n));
  CHECK(std::abs(share - 0.682689) < 4.0 * std::sqrt(0.682689 * 0.317311 / n));
  CHECK(equal < 10);
  for (std::size_t i = 0; i < physics::noise_pool::repeated; ++i) {
    REQUIRE(pool.values()[physics::noise_pool::size + i] == pool.values()[i]);
  }
}

TEST_CASE("windows have every place and sign alike, by their address alone") {
  constexpr std::size_t drawn = 1 << 16;
  physics::window_places places(5, {1, 2, 3}), again(5, {1, 2, 3}), elsewhere(5, {1, 2, 4});
  std::vector<int> found(4096);
  int signs = 0, same = 0;
  for (std::size_t i = 0; i < drawn; ++i) {
    const auto w = places.next(), x = again.next(), y = elsewhere.next();
    REQUIRE((w.begin == x.begin && w.sign == x.sign));
    REQUIRE(w.begin % 16 == 0);
    REQUIRE(std::abs(w.sign) == 1.0F);
    ++found[w.begin / 16];
    signs += w.sign > 0.0F ? 1 : -1;
    same += w.begin == y.begin ? 1 : 0;
  }
  double chi2 = 0.0;
  for (const int count : found) {
    chi2 += (count - 16.0) * (count - 16.0) / 16.0;
  }
  WARN("chi squared of places " << chi2 << " (4095, deviation 90.5), sum of signs " << signs
                                << " (deviation 256), places shared with another address " << same << " (16)");
  CHECK(std::abs(chi2 - 4095.0) < 4.0 * std::sqrt(2.0 * 4095.0));
  CHECK(std::abs(signs) < 4 * 256);
  CHECK(same < 16 + 4 * 4);
}

TEST_CASE("noisy conversion has the same bits with every instruction set, and one operation at a time") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const physics::noise_pool pool(3);
  std::uniform_real_distribution<float> level(-1.0F, 1.0F);
  std::uniform_int_distribution<int> word(0, 65535);
  for (const auto set :
       {physics::instruction_set::baseline, physics::instruction_set::avx2, physics::instruction_set::avx512f}) {
    const auto* kernels = physics::kernels_for(set);
    if (kernels == nullptr) {
      WARN("this processor does not have instruction set " << int(set));
      continue;
    }
    for (const std::size_t lanes : {1U, 3U, 5U, 8U, 9U, 50U}) {
      for (const std::size_t symbols : {1U, 15U, 64U, 129U, 700U}) {
        for (const float largest_sum : {65535.0F * static_cast<float>(lanes), INFINITY}) {
          CAPTURE(int(set), lanes, symbols, largest_sum);
          constexpr std::size_t blocks = 3;
          std::vector<float> stationary, streams;
          std::vector<std::uint32_t> offsets, rows, ends;
          std::vector<std::uint16_t> windows(blocks * lanes);
          std::vector<float> deviations(blocks * lanes);
          for (std::size_t l = 0; l < lanes * blocks; ++l) {
            stationary.push_back(level(random));
            rows.push_back(static_cast<std::uint32_t>(l % lanes));
          }
          for (std::size_t l = 0; l < lanes; ++l) {
            offsets.push_back(static_cast<std::uint32_t>(streams.size()));
            for (std::size_t s = 0; s < symbols; ++s) {
              streams.push_back(static_cast<float>(word(random)));
            }
          }
          for (std::size_t b = 0; b < blocks; ++b) {
            ends.push_back(static_cast<std::uint32_t>((b + 1) * lanes));
            windows[b * lanes] = static_cast<std::uint16_t>(word(random) / 16 * 16);
            deviations[b * lanes] = 40.0F * level(random);
          }
          const float inverse_lsb = 32767.0F / (65535.0F * static_cast<float>(lanes)), scale = 0.75F;
          const physics::code_noise noise{pool.values(), windows.data(), deviations.data(), 40.0F * pool.largest()};
          std::vector<std::int32_t> found(symbols, 5), expected(symbols, 5);
          kernels->detect_and_convert({stationary.data(), streams.data(), offsets.data(), rows.data(), ends.data(), 0,
                                       static_cast<std::uint32_t>(blocks)},
                                      symbols, {scale, inverse_lsb, 32767.0F, largest_sum, &noise}, found.data());
          for (std::size_t b = 0; b < blocks; ++b) {
            for (std::size_t s = 0; s < symbols; ++s) {
              volatile float sum = 0.0F;
              for (std::size_t l = 0; l < lanes; ++l) {
                volatile float product = stationary[b * lanes + l] * streams[offsets[l] + s];
                sum = l == 0 ? float{product} : sum + product;
              }
              volatile float code = sum * scale;
              code = code * inverse_lsb;
              volatile float deviate = pool.values()[(windows[b * lanes] + s) % physics::noise_pool::size];
              volatile float added = deviations[b * lanes] * deviate;
              code = code + added;
              const float limited = code < -32767.0F ? -32767.0F : code > 32767.0F ? 32767.0F : float{code};
              expected[s] += static_cast<std::int32_t>(std::nearbyint(limited));
            }
          }
          REQUIRE(found == expected);
        }
      }
    }
  }
}

TEST_CASE("the law has the receiver's noise for any light") {
  const auto receiver = published_receiver();
  constexpr double lane_mw = 0.1;
  const auto law = physics::law_of({receiver, lane_mw, sonic_rate_hz, 1, true, true});
  double worst = 0.0;
  for (const auto& lights : std::vector<std::vector<double>>{{0}, {1}, {1, 1, 1}, {0.3, 0.7, 0, 1}}) {
    physics::detected_light light;
    std::vector<double> powers_mw;
    for (const double l : lights) {
      light.sum += l;
      light.squares += l * l;
      powers_mw.push_back(l * lane_mw);
    }
    const double expected = physics::symbol_noise_w(receiver, powers_mw, sonic_rate_hz) / (lane_mw * 1e-3);
    worst = std::max(worst, std::abs(std::sqrt(law.variance(light)) / expected - 1.0));
  }
  WARN("largest relative deviation from the receiver's noise " << worst);
  CHECK(worst < 1e-9);
  const auto dark_only = physics::law_of({receiver, lane_mw, sonic_rate_hz, 2, true, false});
  CHECK(dark_only.per_square == 0.0);
  CHECK(dark_only.constant > law.constant); // two dark currents
  CHECK(physics::law_of({receiver, lane_mw, sonic_rate_hz, 1, false, false}).none());
  CHECK_THROWS_AS(physics::law_of({receiver, 0.0, sonic_rate_hz, 1, true, true}), std::domain_error);
  CHECK_THROWS_AS(physics::law_of({receiver, lane_mw, sonic_rate_hz, 0, true, true}), std::domain_error);
}

TEST_CASE("effective bits of converted blocks are those of the published equation") {
  struct row {
    double rate_hz, power_dbm;
  };
  // The powers of docs/optics.md for 1, 4, 6, 8 and 10 bits, where there are any.
  const row table[] = {{sonic_rate_hz, -32.8}, {sonic_rate_hz, -23.7}, {sonic_rate_hz, -17.7},
                       {sonic_rate_hz, -11.4}, {sonic_rate_hz, 1.5},   {1e9, -27.0},
                       {1e9, -18.0},           {1e9, -11.7},           {1e9, -0.5},
                       {5e9, -23.5},           {5e9, -14.4},           {5e9, -7.3},
                       {10e9, -22.0},          {10e9, -12.8},          {10e9, -4.3}};
  const physics::noise_pool pool(11);
  constexpr std::size_t blocks = 200, symbols = 500;
  constexpr float full = 65535.0F, codes_per_product = 8.0F; // steps far below the noise: they do not count
  double worst = 0.0;
  for (const row& at : table) {
    const auto receiver = published_receiver();
    const double power_mw = physics::mw_of_dbm(at.power_dbm);
    const auto law = physics::law_of({receiver, power_mw, at.rate_hz, 1, true, true});
    double deviations[2];
    for (const int bright : {0, 1}) {
      const double light = bright;
      const auto deviation = static_cast<float>(std::sqrt(law.variance({light, light})) * full * codes_per_product);
      const blocks_of_one_lane of(blocks, symbols, bright != 0 ? full : 0.0F, deviation, 17);
      const physics::code_noise noise{pool.values(), of.windows.data(), of.deviations.data(),
                                      deviation * pool.largest()};
      std::vector<std::int32_t> codes;
      for (std::size_t b = 0; b < blocks; ++b) {
        std::vector<std::int32_t> sums(symbols, 0);
        physics::detect_and_convert(of.sequence(b), symbols, {1.0F, codes_per_product, 2097152.0F, full, &noise},
                                    sums.data());
        codes.insert(codes.end(), sums.begin(), sums.end());
      }
      deviations[bright] = deviation_of(codes) / (full * codes_per_product);
    }
    const double measured = physics::effective_bits_of(1.0, deviations[1], deviations[0]);
    const double expected = physics::effective_bits(receiver, power_mw, at.rate_hz);
    WARN(at.rate_hz / 1e9 << " GS/s, " << at.power_dbm << " dBm: " << measured << " bits measured of "
                          << blocks * symbols << " conversions, " << expected << " by the equation");
    worst = std::max(worst, std::abs(measured - expected));
  }
  WARN("largest deviation " << worst << " bits");
  CHECK(worst < 0.1);
}

TEST_CASE("sums of many blocks have the variance of independent noise") {
  const physics::noise_pool pool(13);
  constexpr std::size_t blocks = 200, symbols = 16, sums = 8000;
  constexpr float deviation = 100.0F;
  std::vector<std::int32_t> all;
  for (std::size_t i = 0; i < sums; ++i) {
    const blocks_of_one_lane of(blocks, symbols, 0.0F, deviation, 1000 + i);
    const physics::code_noise noise{pool.values(), of.windows.data(), of.deviations.data(), deviation * pool.largest()};
    std::vector<std::int32_t> found(symbols, 0);
    physics::detect_and_convert(of.all(), symbols, {1.0F, 1.0F, 32767.0F, 1.0F, &noise}, found.data());
    all.insert(all.end(), found.begin(), found.end());
  }
  const double expected = deviation * std::sqrt(double{blocks});
  const double ratio = deviation_of(all) / expected;
  WARN("deviation of sums of " << blocks << " blocks over that of independent ones: " << ratio);
  // n = 128,000 sums; the standard error of a deviation is 1 / sqrt(2 n). Of a sum, 200 x 199 / 2 / 4096 = 4.9 pairs of
  // blocks share a window and have either sign: the variance of each sum is off by chance, of all of them it is not.
  CHECK(std::abs(ratio - 1.0) < 4.0 / std::sqrt(2.0 * sums * symbols) * std::sqrt(2.0));
}

} // namespace sonic
