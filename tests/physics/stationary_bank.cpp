// SPDX-License-Identifier: Apache-2.0
// What rings hold of the stationary operand, each imperfection beside its closed form.
#include "sonic/physics/stationary_bank.h"
#include "sonic/physics/emission.h"
#include "sonic/physics/operand_crosstalk.h"
#include "sonic/physics/ring_bank.h"
#include "sonic/physics/ring_calibration.h"
#include "sonic/physics/thermal_crosstalk.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

namespace sonic {

namespace {

physics::bank_design design_of(std::uint32_t lanes) {
  physics::bank_design d;
  d.ring = {1550.0, 8000.0, 18.0, 20.0};
  d.lanes = lanes;
  d.range_nm = 1550.0 / 8000.0;
  d.crosstalk = false;
  return d;
}

std::vector<float> random_values(std::mt19937& random, std::size_t count) {
  std::uniform_real_distribution<float> level(-1.0F, 1.0F);
  std::vector<float> values(count);
  std::generate(values.begin(), values.end(), [&] { return level(random); });
  return values;
}

std::vector<float> held(const physics::bank_design& design, const physics::ring_errors& errors,
                        const std::vector<float>& wanted, const std::vector<std::uint32_t>& ends, float full = 1.0F) {
  physics::stationary_bank bank(std::make_shared<physics::bank_matrices>(design), errors);
  std::vector<float> met(wanted.size());
  bank.imprint(wanted.data(), ends, full, met.data());
  return met;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

/// What a ring picks, and what two arms make of it, in double.
struct arms_by_hand {
  double h = 1550.0 / 16000.0, range = 1550.0 / 8000.0;
  [[nodiscard]] double picked(double detuning) const { return h * h / (detuning * detuning + h * h); }
  [[nodiscard]] double detuning_for(double value) const {
    const double parked = picked(range);
    return h * std::sqrt(1.0 / (parked + value * (1.0 - parked)) - 1.0);
  }
  [[nodiscard]] double value_of(double detuning, double tuned_error, double parked_error) const {
    return (picked(detuning + tuned_error) - picked(range + parked_error)) / (1.0 - picked(range));
  }
};

} // namespace

TEST_CASE("perfect rings hold every bit of what is wanted") {
  std::mt19937 random(Catch::rngSeed());
  const auto wanted = random_values(random, 12);
  CHECK(held(design_of(5), {}, wanted, {5, 7, 12}) == wanted);
}

TEST_CASE("a ring that misses its wavelength holds what its Lorentzian gives") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const arms_by_hand hand;
  std::uniform_real_distribution<double> error(-0.02, 0.02);
  physics::ring_errors errors;
  for (int i = 0; i < 5; ++i) {
    errors.adding_nm.push_back(error(random));
    errors.subtracting_nm.push_back(error(random));
  }
  const auto wanted = random_values(random, 12);
  const std::vector<std::uint32_t> ends{5, 7, 12};
  const auto found = held(design_of(5), errors, wanted, ends);
  double worst = 0.0, most = 0.0;
  std::size_t begin = 0;
  for (const auto end : ends) {
    for (std::size_t i = begin; i < end; ++i) {
      const double w = wanted[i], a = errors.adding_nm[i - begin], s = errors.subtracting_nm[i - begin];
      const double by_hand =
          w < 0 ? -hand.value_of(hand.detuning_for(-w), s, a) : hand.value_of(hand.detuning_for(w), a, s);
      worst = std::max(worst, std::abs(found[i] - by_hand));
      most = std::max(most, std::abs(found[i] - w));
    }
    begin = end;
  }
  WARN("largest deviation from the Lorentzian " << worst << "; of what is held from what is wanted " << most);
  CHECK(worst < 1e-5);
  CHECK(most > 0.01);
}

TEST_CASE("steps of the imprint leave what half a step can do") {
  const arms_by_hand hand;
  for (const int bits : {4, 6, 8, 10}) {
    auto design = design_of(1);
    design.steps = (1U << static_cast<unsigned>(bits)) - 1;
    std::vector<float> wanted;
    std::vector<std::uint32_t> ends;
    for (int i = -1000; i <= 1000; ++i) {
      wanted.push_back(static_cast<float>(i) / 1000.0F);
      ends.push_back(static_cast<std::uint32_t>(ends.size() + 1));
    }
    const double found = largest_difference(held(design, {}, wanted, ends), wanted);
    // The steepest slope of K is 3 sqrt 3 / (8 h), at h / sqrt 3, within the range.
    const double half_step = design.range_nm / design.steps / 2.0;
    const double bound = 3.0 * std::sqrt(3.0) / (8.0 * hand.h) * half_step / (1.0 - hand.picked(hand.range));
    WARN(bits << " bits: largest error " << found << ", bound " << bound);
    CHECK(found <= bound + 1e-6);
    CHECK(found > 0.9 * bound);
  }
}

TEST_CASE("a bent converter moves the detuning by its nonlinearity") {
  auto design = design_of(1);
  design.bow = 0.02;
  const arms_by_hand hand;
  double worst = 0.0;
  for (const float w : {0.1F, 0.25F, 0.5F, 0.9F, -0.3F}) {
    const double drive = hand.detuning_for(std::abs(w)) / hand.range;
    const double value = hand.value_of(hand.range * (drive + 4.0 * 0.02 * drive * (1.0 - drive)), 0.0, 0.0);
    worst = std::max(worst, std::abs(held(design, {}, {w}, {1})[0] - std::copysign(value, w)));
  }
  WARN("largest deviation " << worst);
  CHECK(worst < 1e-6);
}

TEST_CASE("crosstalk is the bank's matrix on the lanes of a block, and predistortion takes it back") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  for (const std::uint32_t lanes : {5U, 15U, 50U}) {
    auto design = design_of(lanes);
    design.crosstalk = true;
    const auto wanted = random_values(random, lanes + 3);
    const std::vector<std::uint32_t> ends{lanes, lanes + 3};
    const auto phi = physics::ring_bank::evenly_spaced(design.ring, lanes).crosstalk();
    const auto found = held(design, {}, wanted, ends);
    double worst = 0.0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::size_t begin = i < lanes ? 0 : lanes, end = i < lanes ? lanes : lanes + 3;
      double sum = 0.0;
      for (std::size_t j = begin; j < end; ++j) {
        sum += phi(i - begin, j - begin) * wanted[j];
      }
      worst = std::max(worst, std::abs(found[i] - sum));
    }
    design.predistort = true;
    physics::bank_matrices matrices(design);
    const double left = largest_difference(held(design, {}, wanted, ends), wanted);
    WARN(lanes << " lanes: deviation from the matrix " << worst << "; error without predistortion "
               << largest_difference(found, wanted) << ", with it " << left << "; gain " << matrices.gain());
    CHECK(worst < 1e-6);
    CHECK(left < 2e-6);
    CHECK(matrices.gain() < 1.0);
  }
}

TEST_CASE("waveguides share a bank's lanes in turn, and no light passes between them") {
  auto design = design_of(50);
  design.crosstalk = true;
  design.waveguides = 4;
  const physics::bank_matrices matrices(design);
  const auto& phi = matrices.crosstalk();
  const auto of_waveguide = physics::ring_bank::evenly_spaced(design.ring, 13).crosstalk();
  for (std::size_t i = 0; i < 50; ++i) {
    for (std::size_t j = 0; j < 50; ++j) {
      REQUIRE(phi(i, j) == (i % 4 == j % 4 ? of_waveguide(i / 4, j / 4) : 0.0));
    }
  }
  const double whole = physics::resolution_bits(physics::ring_bank::evenly_spaced(design.ring, 50).crosstalk());
  const double split = physics::resolution_bits(phi);
  WARN("50 lanes on one waveguide leave " << whole << " bits (2.2), on four " << split << " (6)");
  CHECK(whole == Approx(2.2).margin(0.05));
  CHECK(split == Approx(6.0).margin(0.2));
}

TEST_CASE("nothing that is met exceeds the bound that fast conversion relies on") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  std::uniform_real_distribution<double> error(-0.3, 0.3);
  double closest = 0.0;
  for (const bool predistort : {false, true}) {
    for (const std::uint32_t lanes : {1U, 5U, 50U}) {
      auto design = design_of(lanes);
      design.crosstalk = true;
      design.predistort = predistort;
      design.steps = 63;
      physics::ring_errors errors;
      for (std::uint32_t i = 0; i < lanes; ++i) {
        errors.adding_nm.push_back(error(random));
        errors.subtracting_nm.push_back(error(random));
      }
      const double bound = physics::bank_matrices(design).largest_excess();
      std::vector<float> wanted(lanes, 1.0F);
      for (int round = 0; round < 50; ++round) {
        for (const float v : held(design, errors, wanted, {lanes}, 1.0F)) {
          REQUIRE(std::abs(v) <= bound * (1 + 1e-6));
          closest = std::max(closest, std::abs(v) / bound);
        }
        wanted = random_values(random, lanes);
        std::for_each(wanted.begin(), wanted.end(), [](float& v) { v = std::copysign(1.0F, v); });
      }
    }
  }
  WARN("closest to the bound: " << closest);
}

TEST_CASE("banks that cannot be are refused") {
  auto design = design_of(0);
  CHECK_THROWS_AS(physics::bank_matrices(design), std::domain_error);
  design = design_of(5);
  design.range_nm = 0.0;
  CHECK_THROWS_AS(physics::bank_matrices(design), std::domain_error);
  design = design_of(5);
  design.spacing_nm = 4.0;
  CHECK_THROWS_AS(physics::bank_matrices(design), std::domain_error);
  CHECK_THROWS_AS(physics::stationary_bank(std::make_shared<physics::bank_matrices>(design_of(5)), {{0.1}, {}}),
                  std::domain_error);
}

TEST_CASE("lasers emit no less than their extinction leaves, and nothing for a gated zero") {
  physics::emission_law law{0.0F, 0.01F, true};
  std::vector<float> values{0.0F, 100.0F, 655.0F, 656.0F, 65535.0F, -0.001F};
  physics::emit(law, 65535.0F, values.data(), 5);
  CHECK(values[0] == 0.0F);
  CHECK(values[1] == Approx(655.35));
  CHECK(values[2] == Approx(655.35));
  CHECK(values[3] == 656.0F);
  CHECK(values[4] == 65535.0F);
  law.gated = false;
  float zero = 0.0F;
  physics::emit(law, 65535.0F, &zero, 1);
  CHECK(zero == Approx(655.35));
  law = {0.05F, 0.0F, true};
  float half = -0.5F;
  physics::emit(law, 1.0F, &half, 1);
  CHECK(half == Approx(-0.55));
}

TEST_CASE("collective calibration leaves the heaters' steps, separate calibration the neighbours' heat") {
  const auto crosstalk = physics::row_crosstalk(5, 5.0, 10.0);
  const std::vector<double> offsets_nm{-1.0, 2.0, 0.5, -3.0, 1.0};
  const auto worst_of = [&](int bits, bool collective) {
    double worst = 0.0;
    for (const double e : physics::calibration_errors_nm({18.0, bits, collective}, crosstalk, offsets_nm)) {
      worst = std::max(worst, std::abs(e));
    }
    return worst;
  };
  double row_sum = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < 5; ++i) {
    row_sum = 0.0;
    for (std::size_t j = 0; j < 5; ++j) {
      row_sum += crosstalk(i, j);
    }
    largest = std::max(largest, row_sum);
  }
  const double bound = 18.0 / 4096 / 2 * largest; // half a step of each heater
  WARN("12 bits, collective: " << worst_of(12, true) << " nm (at most " << bound << "), separate "
                               << worst_of(12, false) << " nm; any step, collective: " << worst_of(0, true));
  CHECK(worst_of(0, true) < 1e-12);
  CHECK(worst_of(12, true) <= bound);
  CHECK(worst_of(12, true) > bound / 20);
  CHECK(worst_of(12, false) > 0.1);
  // By hand: separate heaters miss by what the others' shifts, 1, 16, 17.5, 3 and 17 nm, leak.
  const double by_hand =
      crosstalk(0, 1) * 16.0 + crosstalk(0, 2) * 17.5 + crosstalk(0, 3) * 3.0 + crosstalk(0, 4) * 17.0;
  CHECK(physics::calibration_errors_nm({18.0, 0, false}, crosstalk, offsets_nm)[0] == Approx(by_hand).epsilon(1e-9));
  CHECK_THROWS_AS(physics::calibration_errors_nm({18.0, 0, true}, crosstalk, std::vector<double>{1.0}),
                  std::domain_error);
}

} // namespace sonic
