// SPDX-License-Identifier: Apache-2.0
// Numbers with units, as written in a configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sonic::config {

/// What a number measures. Each has one base unit, the one that field names carry.
enum class dimension : std::uint8_t {
  count,            ///< a whole number
  bits,             ///< a whole number, with or without the word
  ratio,            ///< a number without a unit
  size,             ///< bytes
  time,             ///< ns
  power,            ///< mW
  power_per_length, ///< uW/nm
  power_per_fsr,    ///< mW/FSR
  length,           ///< nm
  loss,             ///< dB
  frequency,        ///< GHz
  bandwidth,        ///< GB/s
  energy,           ///< pJ
  energy_per_byte,  ///< pJ/B
  loss_per_length,  ///< dB/cm
  noise_density,    ///< dB/Hz
  responsivity,     ///< A/W
  current,          ///< nA
  resistance,       ///< ohm
  temperature,      ///< K
  shift_per_kelvin, ///< nm/K
  area,             ///< um2
  area_per_byte,    ///< um2/B
};

/// The base unit; empty where numbers carry none.
std::string_view base_unit(dimension measure);

/// "a time in ps, ns, us, ms or s, such as '14 ns'"
std::string expected_quantity(dimension measure);

struct quantity {
  double value = 0; ///< in the base unit
  std::string text; ///< as written, one blank before the unit
};

/// @param problem set to what is wrong when the text is no such quantity, else left empty
quantity parse_quantity(std::string_view text, dimension measure, std::string& problem);

} // namespace sonic::config
