// SPDX-License-Identifier: Apache-2.0
#include "sonic/imperfections_of.h"

#include "sonic/config/link.h"
#include "sonic/damage_in_light.h"
#include "sonic/physics/converter_errors.h"
#include "sonic/physics/decibel.h"
#include "sonic/physics/fabrication.h"
#include "sonic/physics/ring_calibration.h"
#include "sonic/physics/thermal_crosstalk.h"

#include <algorithm>

namespace sonic {

namespace {

/// Errors of one bank's rings, lane after lane.
/// @param index of the bank among all of the chip
std::vector<double> errors_of_bank(const config::architecture& a, config::array_kind kind, std::uint64_t index) {
  constexpr double nm_per_um = 1e3;
  const physics::fabrication_parameters spread{physics::deviation_of_mean_magnitude(a.tuning.fabrication_drift_nm),
                                               a.tuning.bank_correlation};
  const physics::calibration_method how{a.devices.microring.free_spectral_range_nm, a.tuning.heater_bits,
                                        a.tuning.heaters == config::heater_command::collective};
  const auto waveguides = static_cast<std::size_t>(a.array(kind).waveguides);
  const auto lanes = static_cast<std::size_t>(a.lanes_built(kind));
  std::vector<double> errors_nm(lanes);
  for (std::size_t w = 0; w < std::min(waveguides, lanes); ++w) {
    const std::size_t rings = (lanes - w + waveguides - 1) / waveguides;
    const auto crosstalk =
        physics::row_crosstalk(rings, a.tuning.ring_gap_nm / nm_per_um, a.tuning.ring_size_nm / nm_per_um);
    const auto offsets_nm = physics::ring_offsets_nm(spread, a.run.seed, index * waveguides + w, rings);
    const auto left_nm = physics::calibration_errors_nm(how, crosstalk, offsets_nm);
    for (std::size_t ring = 0; ring < rings; ++ring) {
      errors_nm[ring * waveguides + w] = left_nm[ring];
    }
  }
  return errors_nm;
}

std::vector<physics::ring_errors> ring_errors_of(const config::architecture& a, config::array_kind kind) {
  const auto& array = a.array(kind);
  std::vector<physics::ring_errors> all;
  for (int unit = 0; unit < array.vdus; ++unit) {
    // Banks have numbers of their own: 2^32 of them in each array, two in each unit.
    const auto bank = (static_cast<std::uint64_t>(kind) << 32U) + 2 * static_cast<std::uint64_t>(unit);
    all.push_back({errors_of_bank(a, kind, bank), errors_of_bank(a, kind, bank + 1)});
  }
  return all;
}

} // namespace

physics::drift_parameters drift_of(const config::architecture& a) {
  if (!a.effects.ambient) {
    return {};
  }
  return {a.ambient.warmer_k * a.tuning.drift_nm_per_k, a.ambient.warming_k * a.tuning.drift_nm_per_k,
          a.tuning.recalibrate_nm};
}

physics::emission_law emission_of(const config::architecture& a, const physics::dac_parameters& converter) {
  physics::emission_law law;
  if (a.effects.converter_nonlinearity) {
    law.bow = static_cast<float>(converter.nonlinearity_lsb / config::largest_code(converter.bits));
  }
  if (a.effects.laser_extinction) {
    law.least = static_cast<float>(physics::ratio_of_decibel(-a.devices.vcsel.extinction_db));
  }
  law.gated = a.gating != config::gating_mode::none;
  return law;
}

chip::imperfections imperfections_of(const config::architecture& a, config::array_kind kind,
                                     const config::array_damage& damage,
                                     const std::shared_ptr<const physics::noise_pool>& pool,
                                     const std::shared_ptr<const chip::ring_drift>& drift) {
  chip::imperfections light;
  light.seed = a.run.seed;
  light.pool = pool;
  light.full_product = static_cast<float>(config::largest_code(a.devices.activation_dac.bits));
  light.remembers = kind == config::array_kind::conv; // weights, not activations
  light.full_stationary = kind == config::array_kind::conv ? 1.0F : light.full_product;
  const auto design = config::bank_design_of(a, kind);
  if (a.effects.fabrication) {
    light.ring_errors = ring_errors_of(a, kind);
  }
  const auto drifts = drift_of(a);
  const bool drifting = drifts.first_nm != 0.0 || drifts.step_nm != 0.0;
  light.drift = drift;
  const auto banks = std::make_shared<physics::bank_matrices>(design);
  light.parked_light = static_cast<float>(banks->parked_light());
  if (drifting || design.crosstalk || design.steps > 0 || design.bow != 0.0 || !light.ring_errors.empty()) {
    light.banks = banks;
    light.largest_excess = static_cast<float>(banks->largest_excess());
  }
  light.damage = units_of(a, kind, damage);
  if (std::any_of(light.damage.begin(), light.damage.end(), [](const auto& unit) { return !unit.lanes.none(); })) {
    light.damaged_banks = light.banks != nullptr ? light.banks : std::make_shared<physics::bank_matrices>(design);
    light.largest_excess = std::max(light.largest_excess, static_cast<float>(light.damaged_banks->largest_excess()));
  }
  physics::noise_sources sources;
  sources.receiver = config::receiver_of(a);
  sources.lane_mw = config::lane_mw(a, kind) * banks->gain() * banks->signal();
  sources.symbol_rate_hz = config::symbol_rate_hz(a, kind);
  sources.detectors = a.receiver.arms * a.array(kind).waveguides;
  sources.receiver_noise = a.effects.receiver_noise;
  sources.intensity_noise = a.effects.intensity_noise;
  light.noise = physics::law_of(sources);
  const auto& adc = a.devices.adc;
  if (a.effects.converter_noise && adc.effective_bits > 0) {
    light.code_noise = physics::adc_noise_lsb(adc.bits, std::min<double>(adc.effective_bits, adc.bits));
  }
  return light;
}

} // namespace sonic
