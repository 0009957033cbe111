// SPDX-License-Identifier: Apache-2.0
// Broken devices against closed forms: what is drawn, what rings hold, what converters read.
#include "sonic/physics/faults.h"
#include "sonic/physics/stationary_bank.h"
#include "sonic/physics/stuck_bits.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace sonic {

namespace {

using physics::fault_kind;

physics::bank_design design_of(std::uint32_t lanes, bool crosstalk) {
  physics::bank_design d;
  d.ring = {1550.0, 8000.0, 18.0, 20.0};
  d.lanes = lanes;
  d.range_nm = 0.19375;
  d.crosstalk = crosstalk;
  return d;
}

std::vector<float> met_by(physics::stationary_bank& bank, const std::vector<float>& wanted,
                          const std::vector<std::uint32_t>& ends) {
  std::vector<float> met(wanted.size());
  bank.imprint(wanted.data(), ends, 1.0F, met.data());
  return met;
}

std::vector<float> random_operand(std::mt19937& random, std::size_t count) {
  std::uniform_real_distribution<float> value(-1.0F, 1.0F);
  std::vector<float> operand(count);
  std::generate(operand.begin(), operand.end(), [&] { return value(random); });
  return operand;
}

} // namespace

TEST_CASE("at a rate of 0.1, a tenth of the devices is broken, within the binomial bound") {
  // Of N devices each broken with p, the number k is off by t with a probability of at most
  // 2 exp(-t^2 / (2 (N p (1 - p) + t / 3))) (Bernstein). For 1e-9, with L = ln 2e9: t = L/3 + sqrt(L^2/9 + 2 L N p
  // (1-p)).
  constexpr double p = 0.1;
  constexpr std::uint64_t units = 400;
  const physics::unit_devices devices{50, 16};
  const double l = std::log(2e9);
  for (const auto kind : physics::fault_kinds) {
    physics::fault_rates rates{{}, 0.2, 10.0};
    rates.probability[static_cast<std::size_t>(kind)] = p;
    std::size_t broken = 0, upper = 0;
    for (std::uint64_t unit = 0; unit < units; ++unit) {
      for (const auto& f : physics::draw_faults(rates, devices, 11, unit)) {
        REQUIRE(f.kind == kind);
        REQUIRE(f.place < (kind == fault_kind::stuck_adc_bit ? 16U : 50U));
        ++broken;
        upper += kind == fault_kind::stuck_adc_bit ? (f.place >= 8 ? 1 : 0) : (f.value > 0.0 ? 1 : 0);
      }
    }
    const double count = static_cast<double>(units) * (kind <= fault_kind::detuned_heater ? 50 : 1);
    const double bound = l / 3 + std::sqrt(l * l / 9 + 2 * l * count * p * (1 - p));
    WARN(physics::name_of(kind) << ": " << broken << " of " << count << " broken, " << count * p << " expected, "
                                << bound << " more or less only once in 1e9 seeds");
    CHECK(std::abs(static_cast<double>(broken) - count * p) <= bound);
    if (kind == fault_kind::stuck_ring || kind == fault_kind::detuned_heater || kind == fault_kind::stuck_adc_bit) {
      const double halves = static_cast<double>(broken) / 2;
      const double half_bound = l / 3 + std::sqrt(l * l / 9 + l * halves);
      CHECK(std::abs(static_cast<double>(upper) - halves) <= half_bound); // of either sign, in either half of the bits
    }
  }
}

TEST_CASE("a device's fate depends on its address and on whether the rate reaches it") {
  physics::fault_rates low{{0.05, 0.05, 0.05, 0.05, 0.05}, 0.2, 10.0}, high{{0.3, 0.3, 0.3, 0.3, 0.3}, 0.2, 10.0};
  for (std::uint64_t unit = 0; unit < 100; ++unit) {
    const auto few = physics::draw_faults(low, {20, 16}, 3, unit);
    const auto many = physics::draw_faults(high, {30, 16}, 3, unit);
    for (const auto& f : few) {
      CHECK(std::find(many.begin(), many.end(), f) != many.end());
    }
    CHECK(physics::draw_faults(low, {20, 16}, 3, unit) == few);
  }
  CHECK(physics::draw_faults(high, {30, 16}, 3, 1) != physics::draw_faults(high, {30, 16}, 4, 1));
  CHECK(physics::draw_faults({}, {30, 16}, 3, 1).empty());
  physics::fault_rates all{{1, 1, 1, 1, 1}, 0.2, 10.0};
  CHECK(physics::draw_faults(all, {30, 16}, 3, 1).size() == 92); // 3 x 30 of lanes, a detector, an ADC
}

TEST_CASE("without other imperfections a dead laser and stuck rings change their lanes and no bit else") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const auto matrices = std::make_shared<physics::bank_matrices>(design_of(8, false));
  physics::lane_damage damage;
  damage.dark = {2, 5};
  damage.stuck = {{3, 0.5}, {7, -0.25}};
  physics::stationary_bank bank(matrices, {}, damage);
  const auto wanted = random_operand(random, 8 + 3 + 1 + 6);
  const std::vector<std::uint32_t> ends{8, 11, 12, 18};
  auto expected = wanted;
  std::uint32_t begin = 0;
  for (const auto end : ends) {
    const auto set = [&](std::uint32_t lane, float value) {
      if (begin + lane < end) {
        expected[begin + lane] = value;
      }
    };
    set(2, 0.0F);
    set(5, 0.0F);
    set(3, 0.5F);
    set(7, -0.25F);
    begin = end;
  }
  CHECK(met_by(bank, wanted, ends) == expected);
}

TEST_CASE("with crosstalk, stuck rings reach other lanes, also from lanes that a vector does not use") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const auto matrices = std::make_shared<physics::bank_matrices>(design_of(10, true));
  physics::lane_damage damage;
  damage.places = {0, 1, 8, 3, 4, 5, 6, 7}; // lane 2 is replaced, 9 is spare
  damage.stuck = {{2, 0.75}, {4, -0.5}, {9, 1.0}};
  damage.dark = {5};
  physics::stationary_bank bank(matrices, {}, damage);
  double worst = 0.0;
  for (std::uint32_t lanes = 1; lanes <= 8; ++lanes) {
    const auto wanted = random_operand(random, lanes);
    const auto met = met_by(bank, wanted, {lanes});
    std::vector<double> at(10, 0.0); // what is held, by place
    for (std::uint32_t i = 0; i < lanes; ++i) {
      at[damage.places[i]] = wanted[i];
    }
    at[2] = 0.75;
    at[4] = -0.5;
    at[9] = 1.0;
    for (std::uint32_t i = 0; i < lanes; ++i) {
      double sum = 0.0;
      for (std::size_t j = 0; j < at.size(); ++j) {
        sum += matrices->crosstalk()(damage.places[i], j) * at[j];
      }
      worst = std::max(worst, std::abs((damage.places[i] == 5 ? 0.0 : sum) - met[i]));
    }
  }
  WARN("largest deviation from the sum over all rings " << worst);
  CHECK(worst < 1e-6);
}

TEST_CASE("a detuned heater moves both rings of its lane") {
  // (h^2 / ((d + e)^2 + h^2) - h^2 / ((r + e)^2 + h^2)) / (1 - h^2 / (r^2 + h^2)), d from w = h^2 / (d^2 + h^2)
  // likewise.
  const auto matrices = std::make_shared<physics::bank_matrices>(design_of(4, false));
  const double h = 1550.0 / 8000.0 / 2.0, r = 0.19375;
  const auto picked = [h](double d) { return h * h / (d * d + h * h); };
  const double parked = picked(r);
  double worst = 0.0;
  for (const double error_nm : {-0.3, -0.05, 0.02, 0.1, 0.5}) {
    physics::lane_damage damage;
    damage.detuned = {{1, error_nm}};
    physics::stationary_bank bank(matrices, {}, damage);
    for (const float w : {-1.0F, -0.4F, 0.1F, 0.7F, 1.0F}) {
      const auto met = met_by(bank, {w, w, w, w}, {4});
      const double k = parked + std::abs(w) * (1.0 - parked);
      const double d = h * std::sqrt(1.0 / k - 1.0);
      const double held = (picked(d + error_nm) - picked(r + error_nm)) / (1.0 - parked);
      worst = std::max({worst, std::abs(std::copysign(1.0, w) * held - met[1]),
                        std::abs(static_cast<double>(w - met[0])), std::abs(static_cast<double>(w - met[3]))});
    }
  }
  WARN("largest deviation of a detuned lane from its closed form, and of its neighbours from what was wanted "
       << worst);
  CHECK(worst < 1e-5);
}

TEST_CASE("a replaced lane holds what the lane at its place would, with predistortion as well") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  auto design = design_of(6, true);
  design.predistort = true;
  const auto matrices = std::make_shared<physics::bank_matrices>(design);
  physics::lane_damage damage;
  damage.places = {0, 4, 2, 5};
  physics::stationary_bank bank(matrices, {}, damage);
  double worst = 0.0;
  for (std::uint32_t lanes = 1; lanes <= 4; ++lanes) {
    const auto wanted = random_operand(random, lanes);
    const auto met = met_by(bank, wanted, {lanes});
    for (std::uint32_t i = 0; i < lanes; ++i) {
      worst = std::max(worst, std::abs(static_cast<double>(wanted[i] - met[i])));
    }
  }
  WARN("largest deviation of predistorted operands at other places " << worst);
  CHECK(worst < 1e-5);
}

TEST_CASE("stuck bits are those of two's complement") {
  for (const unsigned int width : {2U, 8U, 16U, 20U}) {
    const std::int32_t half = std::int32_t{1} << (width - 1);
    for (unsigned int bit = 0; bit < width; ++bit) {
      for (std::int32_t code = -half; code<half; code += width> 8 ? 37 : 1) {
        const std::int64_t modulus = std::int64_t{2} * half;
        const std::int64_t weight = std::int64_t{1} << bit;
        for (const int to : {0, 1}) {
          // By arithmetic: the code modulo 2^width has the bit or not, and gets or loses its weight.
          std::int64_t residue = (code + modulus) % modulus;
          const bool set = residue / weight % 2 == 1;
          residue += (to == 1 && !set ? weight : 0) - (to == 0 && set ? weight : 0);
          const std::int64_t expected = residue >= half ? residue - modulus : residue;
          const std::uint32_t mask = std::uint32_t{1} << bit;
          REQUIRE(physics::stuck_bits{to == 0 ? mask : 0, to == 1 ? mask : 0, width}.read(code) == expected);
        }
      }
    }
  }
}

TEST_CASE("each conversion of an ADC with stuck bits is read before it is added, noise and all") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const physics::noise_pool pool(5);
  const std::vector<std::uint32_t> ends{3, 8, 20, 21};
  constexpr std::size_t symbols = 301, rows = 21;
  std::vector<float> streams(symbols * rows), stationary = random_operand(random, rows);
  std::uniform_real_distribution<float> value(0.0F, 65535.0F);
  std::generate(streams.begin(), streams.end(), [&] { return std::round(value(random)); });
  std::vector<std::uint32_t> offsets(rows), lanes(rows);
  std::vector<std::uint16_t> windows(rows);
  std::vector<float> deviations(rows, 3.0F);
  for (std::uint32_t i = 0; i < rows; ++i) {
    offsets[i] = static_cast<std::uint32_t>(i * symbols);
    lanes[i] = i;
    windows[i] = static_cast<std::uint16_t>(i * 16);
  }
  const physics::code_noise noise{pool.values(), windows.data(), deviations.data(), 3.0F * pool.largest()};
  physics::conversion how{1.0F, 0.05F, 32767.0F, 65535.0F * 12.0F};
  how.noise = &noise;
  const physics::block_sequence all{stationary.data(), streams.data(), offsets.data(), lanes.data(), ends.data(), 0, 4};
  const physics::stuck_bits stuck{1U << 4U, 1U << 13U, 16};
  std::vector<std::int32_t> found(symbols, 7), scratch;
  physics::detect_and_convert_stuck(all, symbols, how, stuck, scratch, found.data());
  std::vector<std::int32_t> expected(symbols, 7);
  for (std::size_t s = 0; s < symbols; ++s) {
    std::uint32_t begin = 0;
    for (const auto end : ends) {
      float sum = 0.0F;
      for (std::uint32_t l = begin; l < end; ++l) {
        sum += stationary[l] * streams[l * symbols + s];
      }
      const float noisy = sum * how.inverse_lsb + deviations[begin] * pool.values()[windows[begin] + s];
      const auto code = static_cast<std::int32_t>(std::nearbyint(std::clamp(noisy, -32767.0F, 32767.0F)));
      expected[s] += stuck.read(code);
      begin = end;
    }
  }
  CHECK(found == expected);
}

} // namespace sonic
