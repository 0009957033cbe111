// SPDX-License-Identifier: Apache-2.0
#include "sonic/chip/optics/adc.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sonic::chip {

namespace {

/// Levels lie in [-1, 1] and codes have 16 bits, whichever of them streams.
constexpr float largest_product = 65535.0F;

} // namespace

adc::adc(const sc_core::sc_module_name& name, float full_code, std::uint32_t most_lanes,
         const sc_core::sc_time& latency, const imperfections* light, std::size_t unit)
    : optical_stage(name, latency), full_code_(full_code),
      largest_sum_(largest_product * static_cast<float>(most_lanes)),
      light_(light != nullptr && light->noisy() ? light : nullptr) {
  if (light != nullptr) {
    largest_sum_ *= light->largest_excess;
    const auto damage = light->damage_of(unit);
    noise_ = light->noise;
    noise_.constant *= damage.detector_noise * damage.detector_noise;
    noise_.per_light *= damage.detector_noise * damage.detector_noise;
    stuck_ = damage.codes;
  }
}

float adc::draw(const transport::burst& work, const transport::block_sequence& of, physics::window_places& places) {
  const std::size_t lanes = of.ends[of.blocks - 1];
  if (windows_.size() < lanes) {
    windows_.resize(lanes);
    deviations_.resize(lanes);
  }
  // In squared codes, for light in shares of a lane's.
  const float full_codes = light_->full_product * work.inverse_lsb;
  const auto& law = noise_;
  const auto in_codes = [full_codes](double variance) {
    return static_cast<float>(variance) * full_codes * full_codes;
  };
  const float constant = in_codes(law.constant) + static_cast<float>(light_->code_noise * light_->code_noise);
  const float per_light = in_codes(law.per_light), per_square = in_codes(law.per_square);
  const float share = of.scale / light_->full_stationary;
  // Cancels in the signal and in the intensity noise, not in the shot noise.
  const float parked = light_->parked_light * of.scale;
  float largest = 0.0F;
  std::uint32_t begin = of.first_lane;
  for (std::uint32_t i = 0; i < of.blocks; ++i) {
    float sum = 0.0F, squares = 0.0F;
    for (std::uint32_t l = begin; l < of.ends[i]; ++l) {
      const float taken = std::abs(of.stationary[l]) * share;
      const auto& row = of.light[of.rows[l]];
      sum += (taken + parked) * row.mean;
      squares += taken * taken * row.mean_square;
    }
    const float variance = constant + per_light * sum + per_square * squares;
    const float deviation = std::sqrt(variance);
    const auto window = places.next();
    windows_[begin] = window.begin;
    deviations_[begin] = window.sign * deviation;
    largest = std::max(largest, deviation);
    begin = of.ends[i];
  }
  return largest;
}

void adc::process(transport::burst& work) {
  std::optional<physics::window_places> places;
  if (light_ != nullptr) {
    places.emplace(light_->seed, work.random_address);
  }
  for (const auto& s : work.sequences) {
    const physics::block_sequence blocks{s.stationary, s.streams, s.offsets, s.rows, s.ends, s.first_lane, s.blocks};
    if (work.exact) {
      for (std::uint32_t i = 0; i < s.blocks; ++i) {
        physics::accumulate_exact(blocks[i], s.symbols, s.scale, static_cast<double*>(s.partial_sums));
      }
      continue;
    }
    physics::conversion how{s.scale, work.inverse_lsb, full_code_, largest_sum_};
    physics::code_noise noise;
    if (places) {
      const float deviation = draw(work, s, *places);
      noise = {light_->pool->values(), windows_.data(), deviations_.data(), deviation * light_->pool->largest()};
      how.noise = &noise;
    }
    if (!work.keeps_codes) {
      convert(blocks, s.symbols, how, static_cast<std::int32_t*>(s.partial_sums));
      continue;
    }
    auto block = blocks;
    block.count = 1;
    for (std::uint32_t i = 0; i < s.blocks; ++i) {
      const std::size_t at = work.codes.size();
      work.codes.resize(at + s.symbols); // zeros
      convert(block, s.symbols, how, work.codes.data() + at);
      block.first_lane = *block.ends++;
    }
  }
}

void adc::convert(const physics::block_sequence& blocks, std::size_t symbols, const physics::conversion& how,
                  std::int32_t* sums) {
  if (stuck_.none()) {
    physics::detect_and_convert(blocks, symbols, how, sums);
  } else {
    physics::detect_and_convert_stuck(blocks, symbols, how, stuck_, codes_, sums);
  }
}

} // namespace sonic::chip
