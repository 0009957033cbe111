// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/key_rows.h"

namespace sonic::config {

namespace {

using dimension::bits, dimension::count, dimension::current, dimension::length, dimension::loss,
    dimension::noise_density, dimension::power, dimension::power_per_fsr, dimension::power_per_length, dimension::ratio,
    dimension::responsivity, dimension::time;

constexpr range converter_bits{1, 16};

void add_rings(std::vector<key>& rows) {
  const std::string ring = "devices.microring.";
  rows.push_back(number_row(ring + "wavelength", length, {400, 10000}, "Centre of the band",
                            [](architecture& chip) -> double& { return chip.devices.microring.wavelength_nm; }));
  rows.push_back(number_row(ring + "quality_factor", ratio, {10, 1e8}, "Loaded Q: linewidth = wavelength / Q",
                            [](architecture& chip) -> double& { return chip.devices.microring.quality_factor; }));
  rows.push_back(
      number_row(ring + "free_spectral_range", length, {0, 1000, true}, "Distance between two resonances of one ring",
                 [](architecture& chip) -> double& { return chip.devices.microring.free_spectral_range_nm; }));
  rows.push_back(number_row(ring + "extinction", loss, {0, 100, true},
                            "Depth of the resonance: a ring transmits at least 10^(-extinction / 10)",
                            [](architecture& chip) -> double& { return chip.devices.microring.extinction_db; }));
  rows.push_back(number_row(
      ring + "spacing", length, {0, 1000},
      "Between neighbouring lanes of a waveguide; 0: they share the free spectral range evenly",
      [](architecture& chip) -> double& { return chip.devices.microring.spacing_nm; }, "0 nm"));
  rows.push_back(number_row(
      ring + "slices", count, {1, 64}, "Rings that hold one value together, each some of its bits",
      [](architecture& chip) -> int& { return chip.devices.microring.slices; }, "1"));
  const std::string broadband = "devices.broadband_microring.";
  rows.push_back(number_row(broadband + "rings", count, {1, 64}, "Rings in the cascade that passes all wavelengths",
                            [](architecture& chip) -> int& { return chip.devices.broadband_microring.rings; }));
  rows.push_back(number_row(broadband + "bits", bits, converter_bits,
                            "Resolution of the converter that drives the cascade",
                            [](architecture& chip) -> int& { return chip.devices.broadband_microring.bits; }));
  rows.push_back(number_row(broadband + "latency", time, latency_ns, "Latency of that converter",
                            [](architecture& chip) -> double& { return chip.devices.broadband_microring.latency_ns; }));
  rows.push_back(number_row(broadband + "power", power, power_mw, "Power of that converter",
                            [](architecture& chip) -> double& { return chip.devices.broadband_microring.power_mw; }));
  const std::string electro = "devices.electro_optic_tuning.";
  rows.push_back(
      number_row(electro + "latency", time, latency_ns, "Time to imprint a vector on a ring bank",
                 [](architecture& chip) -> double& { return chip.devices.electro_optic_tuning.latency_ns; }));
  rows.push_back(
      number_row(electro + "power", power_per_length, power_mw, "Power per shift held",
                 [](architecture& chip) -> double& { return chip.devices.electro_optic_tuning.power_uw_per_nm; }));
  rows.push_back(
      number_row(electro + "maximum_shift", length, {0, 100, true}, "Largest shift that an imprint needs",
                 [](architecture& chip) -> double& { return chip.devices.electro_optic_tuning.maximum_shift_nm; }));
  rows.push_back(number_row(
      electro + "bits", bits, {0, 24}, "Steps of a shift, 2^bits; 0: those of the converter of the stationary operand",
      [](architecture& chip) -> int& { return chip.devices.electro_optic_tuning.bits; }, "0"));
  const std::string thermo = "devices.thermo_optic_tuning.";
  rows.push_back(number_row(thermo + "latency", time, latency_ns, "Time of one calibration pass of all heaters",
                            [](architecture& chip) -> double& { return chip.devices.thermo_optic_tuning.latency_ns; }));
  rows.push_back(
      number_row(thermo + "power", power_per_fsr, power_mw, "Heater power per shift held",
                 [](architecture& chip) -> double& { return chip.devices.thermo_optic_tuning.power_mw_per_fsr; }));
}

void add_lasers_and_converters(std::vector<key>& rows) {
  rows.push_back(number_row("devices.vcsel.latency", time, latency_ns, "From drive to light",
                            [](architecture& chip) -> double& { return chip.devices.vcsel.latency_ns; }));
  rows.push_back(number_row("devices.vcsel.power", power, power_mw, "Electrical power while driven",
                            [](architecture& chip) -> double& { return chip.devices.vcsel.power_mw; }));
  rows.push_back(number_row(
      "devices.vcsel.efficiency", ratio, {0, 1, true}, "Optical power for electrical power",
      [](architecture& chip) -> double& { return chip.devices.vcsel.efficiency; }, "0.15"));
  rows.push_back(number_row(
      "devices.vcsel.extinction", loss, {0, 100, true},
      "Least light of a driven laser: 10^(-extinction / 10) of the most",
      [](architecture& chip) -> double& { return chip.devices.vcsel.extinction_db; }, "20 dB"));
  rows.push_back(number_row(
      "devices.vcsel.intensity_noise", noise_density, {-250, -60}, "Relative intensity noise",
      [](architecture& chip) -> double& { return chip.devices.vcsel.intensity_noise_db_per_hz; }, "-140 dB/Hz"));
  rows.push_back(number_row("devices.photodetector.latency", time, latency_ns, "From light to current",
                            [](architecture& chip) -> double& { return chip.devices.photodetector.latency_ns; }));
  rows.push_back(number_row("devices.photodetector.power", power, power_mw, "Power while detecting",
                            [](architecture& chip) -> double& { return chip.devices.photodetector.power_mw; }));
  rows.push_back(number_row(
      "devices.photodetector.responsivity", responsivity, {0, 100, true}, "Current for light",
      [](architecture& chip) -> double& { return chip.devices.photodetector.responsivity_a_per_w; }, "1.2 A/W"));
  rows.push_back(number_row(
      "devices.photodetector.dark_current", current, {0, 1e6}, "Current without light",
      [](architecture& chip) -> double& { return chip.devices.photodetector.dark_current_na; }, "35 nA"));
  const auto add_dac = [&rows](const std::string& section, physics::dac_parameters device_table::*which,
                               range resolution, std::string_view bits_text) {
    rows.push_back(number_row(section + ".bits", bits, resolution, bits_text,
                              [which](architecture& chip) -> int& { return (chip.devices.*which).bits; }));
    rows.push_back(number_row(section + ".latency", time, latency_ns, "Time of one conversion",
                              [which](architecture& chip) -> double& { return (chip.devices.*which).latency_ns; }));
    rows.push_back(number_row(section + ".power", power, power_mw, "Power while it converts or holds a value",
                              [which](architecture& chip) -> double& { return (chip.devices.*which).power_mw; }));
    rows.push_back(number_row(
        section + ".nonlinearity", ratio, {0, 16384},
        "Integral nonlinearity: largest distance from a straight line, in steps",
        [which](architecture& chip) -> double& { return (chip.devices.*which).nonlinearity_lsb; }, "0"));
  };
  add_dac("devices.activation_dac", &device_table::activation_dac, converter_bits,
          "Resolution of activations; drives lasers in the CONV array, rings in the FC array");
  add_dac("devices.weight_dac", &device_table::weight_dac, {1, 8},
          "Resolution of weights: a codebook of 2^bits levels; drives rings in the CONV array, lasers in the FC array");
  rows.push_back(number_row("devices.adc.bits", bits, {2, 16}, "Resolution with the sign",
                            [](architecture& chip) -> int& { return chip.devices.adc.bits; }));
  rows.push_back(number_row("devices.adc.latency", time, period_ns, "Time of one conversion",
                            [](architecture& chip) -> double& { return chip.devices.adc.latency_ns; }));
  rows.push_back(number_row("devices.adc.power", power, power_mw, "Power while it converts",
                            [](architecture& chip) -> double& { return chip.devices.adc.power_mw; }));
  rows.push_back(number_row(
      "devices.adc.effective_bits", ratio, {0, 16},
      "Effective bits with the converter's own noise; 0, or more than bits: as many as bits",
      [](architecture& chip) -> double& { return chip.devices.adc.effective_bits; }, "0"));
}

} // namespace

void add_devices(std::vector<key>& rows) {
  add_rings(rows);
  add_lasers_and_converters(rows);
}

} // namespace sonic::config
