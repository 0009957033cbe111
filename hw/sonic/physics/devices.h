// SPDX-License-Identifier: Apache-2.0
// What one device of each kind takes: time, power, resolution, shape. configs/sonic.yaml gives each figure its source.
#pragma once

namespace sonic::physics {

/// A tunable all-pass ring with a Lorentzian resonance.
struct microring_parameters {
  double wavelength_nm = 0;          ///< centre of the band
  double quality_factor = 0;         ///< loaded Q: linewidth (full width at half depth) = wavelength / Q
  double free_spectral_range_nm = 0; ///< distance between two resonances of one ring
  double extinction_db = 0;          ///< depth of the resonance: least transmission = 10^(-extinction / 10)
  double spacing_nm = 0;             ///< of lanes on one waveguide; 0: they share the free spectral range evenly
  int slices = 1;                    ///< rings that hold one value together, each some of its bits

  [[nodiscard]] double linewidth_nm() const { return wavelength_nm / quality_factor; }

  bool operator==(const microring_parameters&) const = default;
};

/// Cascaded rings whose passband covers all wavelengths of a VDU, with the converter that drives them.
struct broadband_microring_parameters {
  int rings = 0;         ///< rings in the cascade
  int bits = 0;          ///< resolution of their converter
  double latency_ns = 0; ///< of the converter
  double power_mw = 0;   ///< of the converter

  bool operator==(const broadband_microring_parameters&) const = default;
};

/// Carrier or Pockels tuning: small and fast, imprints operands.
struct electro_optic_tuning_parameters {
  double latency_ns = 0;       ///< until the resonance has settled
  double power_uw_per_nm = 0;  ///< per nm of shift held
  double maximum_shift_nm = 0; ///< largest shift that an imprint needs
  int bits = 0;                ///< steps of a shift, 2^bits; 0: those of the stationary operand's converter

  bool operator==(const electro_optic_tuning_parameters&) const = default;
};

/// Heaters: large and slow, bring rings to their wavelength.
struct thermo_optic_tuning_parameters {
  double latency_ns = 0;       ///< of one calibration pass
  double power_mw_per_fsr = 0; ///< per free spectral range of shift held

  bool operator==(const thermo_optic_tuning_parameters&) const = default;
};

/// A directly modulated laser, one per lane.
struct vcsel_parameters {
  double latency_ns = 0;
  double power_mw = 0;                  ///< electrical, while driven
  double efficiency = 0;                ///< optical power for electrical power
  double extinction_db = 0;             ///< least light of a driven laser: 10^(-extinction / 10) of the most
  double intensity_noise_db_per_hz = 0; ///< relative

  bool operator==(const vcsel_parameters&) const = default;
};

struct photodetector_parameters {
  double latency_ns = 0;
  double power_mw = 0;
  double responsivity_a_per_w = 0;
  double dark_current_na = 0;

  bool operator==(const photodetector_parameters&) const = default;
};

/// Digital-to-analog converter, one per lane and operand.
struct dac_parameters {
  int bits = 0;
  double latency_ns = 0;
  double power_mw = 0;         ///< while it converts or holds a value
  double nonlinearity_lsb = 0; ///< integral: largest distance from a straight line, in steps

  bool operator==(const dac_parameters&) const = default;
};

/// Analog-to-digital converter, one per vector-dot-product unit.
struct adc_parameters {
  int bits = 0; ///< with the sign
  double latency_ns = 0;
  double power_mw = 0;       ///< while it converts
  double effective_bits = 0; ///< with its own noise; 0: as many as bits

  bool operator==(const adc_parameters&) const = default;
};

} // namespace sonic::physics
