// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/stationary_bank.h"

#include "sonic/core/instruction_sets.h"
#include "sonic/physics/ring_bank.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
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
    const float held = (picked(off, h) - leaks[i]) * law.inverse;
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

/// Of lanes at these places.
square_matrix part_of(const square_matrix& crosstalk, std::span<const std::uint32_t> places) {
  square_matrix part(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = 0; j < places.size(); ++j) {
      part(i, j) = crosstalk(places[i], places[j]);
    }
  }
  return part;
}

std::vector<std::uint32_t> first_places(std::uint32_t lanes) {
  std::vector<std::uint32_t> places(lanes);
  std::iota(places.begin(), places.end(), 0U);
  return places;
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
      largest = std::max(largest, largest_row_sum(physics::inverse(part_of(crosstalk_, first_places(lanes)))));
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

std::vector<float> bank_matrices::predistortion_at(std::span<const std::uint32_t> places) const {
  const auto inverse = physics::inverse(part_of(crosstalk_, places));
  std::vector<float> found;
  std::transform(inverse.data(), inverse.data() + places.size() * places.size(), std::back_inserter(found),
                 [this](double value) { return static_cast<float>(gain_ * value); });
  return found;
}

const std::vector<float>& bank_matrices::predistortion(std::uint32_t lanes) {
  auto& found = predistortions_[lanes];
  if (found.empty()) {
    found = predistortion_at(first_places(lanes));
  }
  return found;
}

stationary_bank::stationary_bank(std::shared_ptr<bank_matrices> matrices, const ring_errors& errors,
                                 const lane_damage& damage)
    : matrices_(std::move(matrices)), places_(damage.places),
      width_(places_.empty() ? matrices_->design().lanes : places_.size()),
      without_errors_(errors.adding_nm.empty() && errors.subtracting_nm.empty() && damage.detuned.empty()) {
  const auto& d = matrices_->design();
  const std::vector<double>* const given[2] = {&errors.adding_nm, &errors.subtracting_nm};
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (!given[arm]->empty() && given[arm]->size() != d.lanes) {
      throw std::domain_error("a bank has an error for each ring, or none");
    }
    std::vector<double> of_places(given[arm]->begin(), given[arm]->end());
    of_places.resize(d.lanes, 0.0);
    for (const auto& heater : damage.detuned) {
      of_places.at(heater.place) += heater.value;
    }
    for (std::size_t lane = 0; lane < width_; ++lane) {
      calibrated_nm_[arm].push_back(of_places.at(place_of(lane)));
    }
  }
  drift_to(0.0);
  const auto& of_rings = matrices_->crosstalk();
  const auto lane_at = [this](std::uint32_t place) {
    std::size_t lane = 0;
    while (lane < width_ && place_of(lane) != place) {
      ++lane;
    }
    return lane;
  };
  for (std::size_t i = 0; i < width_ && !places_.empty(); ++i) {
    for (std::size_t j = 0; j < width_; ++j) {
      crosstalk_.push_back(static_cast<float>(of_rings(place_of(i), place_of(j))));
    }
  }
  for (const auto& ring : damage.stuck) {
    stuck_lane stuck{lane_at(ring.place), static_cast<float>(ring.value), {}};
    for (std::size_t lane = 0; lane < width_; ++lane) {
      stuck.on_lanes.push_back(static_cast<float>(of_rings(place_of(lane), ring.place)));
    }
    stuck_.push_back(std::move(stuck));
  }
  for (const auto place : damage.dark) {
    dark_.push_back(lane_at(place));
  }
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

void stationary_bank::stick(std::span<const std::uint32_t> ends, float full, float* values) const {
  for (const auto& stuck : stuck_) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      if (stuck.lane < lanes) {
        values[begin + stuck.lane] = full * stuck.value;
      }
    });
  }
}

void stationary_bank::leak_of_stuck(std::span<const std::uint32_t> ends, float* met) const {
  for (const auto& stuck : stuck_) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      for (std::size_t lane = 0; stuck.lane >= lanes && lane < lanes; ++lane) { // else its value is a part of the sums
        met[begin + lane] += stuck.on_lanes[lane] * stuck.value;
      }
    });
  }
}

void stationary_bank::darken(std::span<const std::uint32_t> ends, float* met) const {
  for (const auto dark : dark_) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      if (dark < lanes) {
        met[begin + dark] = 0.0F;
      }
    });
  }
}

const std::vector<float>& stationary_bank::predistortion(std::uint32_t lanes) {
  if (places_.empty()) {
    return matrices_->predistortion(lanes);
  }
  auto& found = predistortions_[lanes];
  if (found.empty()) {
    found = matrices_->predistortion_at({places_.data(), lanes});
  }
  return found;
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
  if (rings_exact_ && !d.crosstalk) { // what is not broken is exact, to the last bit
    std::copy_n(wanted, ends.back(), met);
    stick(ends, full, met);
    darken(ends, met);
    return;
  }
  values_.resize(ends.back());
  if (d.crosstalk && d.predistort) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      multiply(predistortion(lanes).data(), lanes, wanted + begin, lanes, values_.data() + begin);
    });
  } else {
    std::copy_n(wanted, values_.size(), values_.begin());
  }
  const float share = 1.0F / full;
  std::for_each(values_.begin(), values_.end(), [share](float& v) { v *= share; });
  if (!rings_exact_) {
    hold_all(ends);
  }
  stick(ends, 1.0F, values_.data());
  const auto& crosstalk = places_.empty() ? matrices_->values() : crosstalk_;
  if (d.crosstalk) {
    each_block(ends, [&](std::size_t begin, std::uint32_t lanes) {
      multiply(crosstalk.data(), width_, values_.data() + begin, lanes, met + begin);
    });
    leak_of_stuck(ends, met);
  } else {
    std::copy(values_.begin(), values_.end(), met);
  }
  const auto back = static_cast<float>(full / matrices_->gain());
  std::for_each(met, met + values_.size(), [back](float& v) { v *= back; });
  darken(ends, met);
}

} // namespace sonic::physics
