// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/stationary_bank.h"

#include "sonic/core/instruction_sets.h"
#include "sonic/physics/ring_bank.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace sonic::physics {

namespace {

/// Adding it to a float below 2^22 rounds that to the nearest integer, ties to even.
constexpr float rounding = 12582912.0F;

struct imprint_law {
  float half_width_nm, range_nm;
  float least;   ///< what a parked ring picks
  float steps;   ///< 0: any detuning
  float bow;     ///< of the converter, relative to its range
  float inverse; ///< of what is left between parked and resonance
};

/// What one ring picks of its lane's light.
inline float picked(float detuning_nm, float half_width_nm) {
  const float h2 = half_width_nm * half_width_nm;
  return h2 / (detuning_nm * detuning_nm + h2);
}

/// @param values magnitudes up to 1 with sign; receive what is held instead
/// @param errors of the tuned ring of each lane
/// @param leaks  what the parked ring of each lane picks
SONIC_EACH_INSTRUCTION_SET
void hold(float* values, const float* errors, const float* leaks, std::size_t count, const imprint_law& law) {
  const float h = law.half_width_nm;
  for (std::size_t i = 0; i < count; ++i) {
    const float magnitude = std::min(std::abs(values[i]), 1.0F);
    const float share = law.least + magnitude * (1.0F - law.least);
    float detuning = h * std::sqrt(1.0F / share - 1.0F);
    float drive = detuning / law.range_nm;
    if (law.steps > 0.0F) {
      drive = ((drive * law.steps + rounding) - rounding) / law.steps;
    }
    detuning = law.range_nm * (drive + law.bow * 4.0F * drive * (1.0F - drive));
    const float off = detuning + errors[i];
    const float held = (h * h / (off * off + h * h) - leaks[i]) * law.inverse;
    values[i] = values[i] < 0.0F ? -held : held;
  }
}

/// The leading @p size rows and columns of a matrix of rows of @p width.
void multiply(const float* matrix, std::size_t width, const float* vector, std::size_t size, float* into) {
  for (std::size_t i = 0; i < size; ++i) {
    float sum = 0.0F;
    for (std::size_t j = 0; j < size; ++j) {
      sum += matrix[i * width + j] * vector[j];
    }
    into[i] = sum;
  }
}

template <class visitor>
void each_block(std::span<const std::uint32_t> ends, visitor&& visit) {
  std::uint32_t begin = 0;
  for (const std::uint32_t end : ends) {
    visit(std::size_t{begin}, end - begin);
    begin = end;
  }
}

ring_bank bank_of(const bank_design& d) {
  const std::uint32_t rings = (d.lanes + d.waveguides - 1) / d.waveguides;
  return d.spacing_nm == 0.0 ? ring_bank::evenly_spaced(d.ring, rings) : ring_bank(d.ring, rings, d.spacing_nm);
}

/// Of magnitudes.
double largest_row_sum(const square_matrix& of) {
  double largest = 0.0;
  for (std::size_t i = 0; i < of.size(); ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < of.size(); ++j) {
      sum += std::abs(of(i, j));
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

square_matrix crosstalk_of(const bank_design& d) {
  if (d.lanes == 0 || d.waveguides == 0 || !(d.range_nm > 0.0)) {
    throw std::domain_error("a bank has lanes, waveguides and a range of tuning");
  }
  const auto of_waveguide = bank_of(d).crosstalk();
  square_matrix all(d.lanes);
  for (std::uint32_t i = 0; i < d.lanes; ++i) {
    for (std::uint32_t j = i % d.waveguides; j < d.lanes; j += d.waveguides) {
      all(i, j) = of_waveguide(i / d.waveguides, j / d.waveguides);
    }
  }
  return all;
}

} // namespace

bank_matrices::bank_matrices(const bank_design& design) : design_(design), crosstalk_(crosstalk_of(design)) {
  values_.assign(crosstalk_.data(), crosstalk_.data() + std::size_t{design.lanes} * design.lanes);
  if (design.crosstalk && design.predistort) {
    // Short vectors on the leading lanes may ask for more than the whole bank does. Of very long banks, some are looked
    // at.
    constexpr std::uint32_t sizes = 128;
    const std::uint32_t step = (design.lanes + sizes - 1) / sizes;
    double largest = 1.0;
    for (std::uint32_t lanes = design.lanes; lanes > 0; lanes -= std::min(lanes, step)) {
      largest = std::max(largest, largest_row_sum(physics::inverse(leading(lanes))));
    }
    gain_ = 1.0 / largest;
  }
}

double bank_matrices::signal() const {
  const double h = design_.ring.linewidth_nm() / 2.0;
  return 1.0 - h * h / (design_.range_nm * design_.range_nm + h * h);
}

double bank_matrices::parked_light() const {
  return 2.0 * (1.0 - signal()) / (signal() * gain_);
}

double bank_matrices::largest_excess() const {
  const double largest = design_.crosstalk ? largest_row_sum(crosstalk_) : 1.0;
  return largest / (signal() * gain_);
}

square_matrix bank_matrices::leading(std::uint32_t lanes) const {
  square_matrix part(lanes);
  for (std::uint32_t i = 0; i < lanes; ++i) {
    for (std::uint32_t j = 0; j < lanes; ++j) {
      part(i, j) = crosstalk_(i, j);
    }
  }
  return part;
}

const std::vector<float>& bank_matrices::predistortion(std::uint32_t lanes) {
  auto& found = predistortions_[lanes];
  if (found.empty()) {
    const auto inverse = physics::inverse(leading(lanes));
    std::transform(inverse.data(), inverse.data() + std::size_t{lanes} * lanes, std::back_inserter(found),
                   [this](double value) { return static_cast<float>(gain_ * value); });
  }
  return found;
}

stationary_bank::stationary_bank(std::shared_ptr<bank_matrices> matrices, const ring_errors& errors)
    : matrices_(std::move(matrices)), without_errors_(errors.adding_nm.empty() && errors.subtracting_nm.empty()) {
  const auto& d = matrices_->design();
  const std::vector<double>* const given[2] = {&errors.adding_nm, &errors.subtracting_nm};
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (!given[arm]->empty() && given[arm]->size() != d.lanes) {
      throw std::domain_error("a bank has an error for each ring, or none");
    }
    calibrated_nm_[arm] = *given[arm];
    calibrated_nm_[arm].resize(d.lanes, 0.0);
  }
  drift_to(0.0);
}

void stationary_bank::drift_to(double shift_nm) {
  const auto& d = matrices_->design();
  shift_nm = std::remainder(shift_nm, d.ring.free_spectral_range_nm); // to the nearest resonance
  const auto half_width_nm = static_cast<float>(d.ring.linewidth_nm() / 2.0);
  rings_exact_ = d.steps == 0 && d.bow == 0.0 && shift_nm == 0.0 && without_errors_;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    error_nm_[arm].clear();
    parked_[arm].clear();
    for (const double calibrated_nm : calibrated_nm_[arm]) {
      error_nm_[arm].push_back(static_cast<float>(calibrated_nm + shift_nm));
      parked_[arm].push_back(picked(static_cast<float>(d.range_nm) + error_nm_[arm].back(), half_width_nm));
    }
  }
}

void stationary_bank::hold_all(std::span<const std::uint32_t> ends) {
  errors_.resize(values_.size());
  leaks_.resize(values_.size());
  each_block(ends, [this](std::size_t begin, std::uint32_t lanes) {
    for (std::size_t slot = 0; slot < lanes; ++slot) {
      const auto arm = values_[begin + slot] < 0.0F ? subtracting : adding;
      errors_[begin + slot] = error_nm_[arm][slot];
      leaks_[begin + slot] = parked_[1 - arm][slot];
    }
  });
  const auto& d = matrices_->design();
  const auto half_width_nm = static_cast<float>(d.ring.linewidth_nm() / 2.0);
  const auto range_nm = static_cast<float>(d.range_nm);
  const float least = picked(range_nm, half_width_nm);
  const auto steps = static_cast<float>(d.steps);
  const auto bow = static_cast<float>(d.bow);
  hold(values_.data(), errors_.data(), leaks_.data(), values_.size(),
       {half_width_nm, range_nm, least, steps, bow, 1.0F / (1.0F - least)});
}

void stationary_bank::imprint(const float* wanted, std::span<const std::uint32_t> ends, float full, float* met) {
  const auto& d = matrices_->design();
  values_.resize(ends.back());
  if (d.crosstalk && d.predistort) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      multiply(matrices_->predistortion(lanes).data(), lanes, wanted + begin, lanes, values_.data() + begin);
    });
  } else {
    std::copy_n(wanted, values_.size(), values_.begin());
  }
  const float share = 1.0F / full;
  std::for_each(values_.begin(), values_.end(), [share](float& v) { v *= share; });
  if (!rings_exact_) {
    hold_all(ends);
  }
  if (d.crosstalk) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      multiply(matrices_->values().data(), d.lanes, values_.data() + begin, lanes, met + begin);
    });
  } else {
    std::copy(values_.begin(), values_.end(), met);
  }
  const auto back = static_cast<float>(full / matrices_->gain());
  std::for_each(met, met + values_.size(), [back](float& v) { v *= back; });
}

} // namespace sonic::physics
