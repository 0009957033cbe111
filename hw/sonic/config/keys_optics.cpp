// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/key_rows.h"

namespace sonic::config {

namespace {

constexpr range loss_db{0, 200};

void add_path(std::vector<key>& rows) {
  const auto add = [&rows](std::string_view name, dimension measure, range allowed, std::string_view description,
                           double path_parameters::*which, std::string_view fallback) {
    rows.push_back(number_row(
        std::string("path.").append(name), measure, allowed, description,
        [which](architecture& chip) -> double& { return chip.path.*which; }, fallback));
  };
  add("combiner", dimension::loss, loss_db, "Of all wavelengths onto one waveguide", &path_parameters::combiner_db,
      "0.9 dB");
  add("splitter", dimension::loss, loss_db, "Of a splitter beyond halving the light, one where a unit has two arms",
      &path_parameters::splitter_db, "0.13 dB");
  add("propagation", dimension::loss_per_length, loss_db, "Of the waveguide", &path_parameters::propagation_db_per_cm,
      "1 dB/cm");
  add("ring_pitch", dimension::length, {0, 1e7}, "Waveguide for each ring", &path_parameters::ring_pitch_nm, "15 um");
  add("ring", dimension::loss, loss_db, "Of a lane's own ring at full transmission", &path_parameters::ring_db,
      "0.72 dB");
  add("ring_passed", dimension::loss, loss_db, "Of each other ring on the waveguide", &path_parameters::ring_passed_db,
      "0.02 dB");
  add("broadband_ring", dimension::loss, loss_db, "Of the broadband microring at full transmission",
      &path_parameters::broadband_ring_db, "0.72 dB");
  add("margin", dimension::loss, loss_db, "That must be left beyond what the detector needs",
      &path_parameters::margin_db, "0 dB");
  add("waveguide_limit", dimension::power, {0, 1e6, true},
      "Light in one waveguide beyond which it is no longer linear: about 30 mW in silicon, 120 mW in silicon nitride",
      &path_parameters::waveguide_limit_mw, "30 mW");
}

void add_ambient(std::vector<key>& rows) {
  constexpr range kelvin{-1000, 1000};
  rows.push_back(number_row(
      "ambient.warmer", dimension::temperature, kelvin,
      "How much warmer the chip is at its first program than at its calibration",
      [](architecture& chip) -> double& { return chip.ambient.warmer_k; }, "0 K"));
  rows.push_back(number_row(
      "ambient.warming", dimension::temperature, kelvin, "From each program to the next",
      [](architecture& chip) -> double& { return chip.ambient.warming_k; }, "0 K"));
}

void add_effects(std::vector<key>& rows) {
  const auto add = [&rows](std::string_view name, std::string_view description, bool effect_parameters::*which) {
    rows.push_back(switch_row(
        std::string("effects.").append(name), description,
        [which](architecture& chip) -> bool& { return chip.effects.*which; }, "on"));
  };
  add("crosstalk", "Rings pick light of other lanes", &effect_parameters::crosstalk);
  add("imprint_steps", "The shift of a ring has steps", &effect_parameters::imprint_steps);
  add("converter_nonlinearity", "Integral nonlinearity of the converters of operands",
      &effect_parameters::converter_nonlinearity);
  add("laser_extinction", "A driven laser is never dark", &effect_parameters::laser_extinction);
  add("fabrication", "Rings miss their wavelength by what calibration leaves", &effect_parameters::fabrication);
  add("ambient", "Resonances drift with the temperature", &effect_parameters::ambient);
  add("receiver_noise", "Shot noise and thermal noise of the detector", &effect_parameters::receiver_noise);
  add("intensity_noise", "Relative intensity noise of the lasers", &effect_parameters::intensity_noise);
  add("converter_noise", "Noise of the ADC", &effect_parameters::converter_noise);
}

} // namespace

void add_physical_optics(std::vector<key>& rows) {
  add_path(rows);
  add_ambient(rows);
  add_effects(rows);
}

} // namespace sonic::config
