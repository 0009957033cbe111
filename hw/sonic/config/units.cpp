// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/units.h"

#include "sonic/config/document.h"

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace sonic::config {

namespace {

struct unit {
  std::string_view name;
  double factor; ///< to the base unit
};

struct dimension_row {
  dimension measure;
  std::string_view noun;
  std::string_view example;
  std::string_view base;
  std::vector<unit> units;
};

const dimension_row& row_of(dimension measure) {
  static const std::array<dimension_row, 23> rows{{
      {dimension::count, "a whole number", "50", "", {}},
      {dimension::bits, "a whole number of bits", "16", "", {{"bits", 1}, {"bit", 1}}},
      {dimension::ratio, "a number without a unit", "0.5", "", {}},
      {dimension::size, "a size", "64 KiB", "B", {{"B", 1}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}}},
      {dimension::time, "a time", "14 ns", "ns", {{"ps", 1e-3}, {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}},
      {dimension::power, "a power", "1.3 mW", "mW", {{"uW", 1e-3}, {"mW", 1}, {"W", 1e3}}},
      {dimension::power_per_length, "a power per shift", "4 uW/nm", "uW/nm", {{"uW/nm", 1}, {"mW/nm", 1e3}}},
      {dimension::power_per_fsr,
       "a power per free spectral range",
       "27.5 mW/FSR",
       "mW/FSR",
       {{"uW/FSR", 1e-3}, {"mW/FSR", 1}, {"W/FSR", 1e3}}},
      {dimension::length, "a length", "18 nm", "nm", {{"pm", 1e-3}, {"nm", 1}, {"um", 1e3}, {"mm", 1e6}}},
      {dimension::loss, "a power ratio", "20 dB", "dB", {{"dB", 1}}},
      {dimension::frequency, "a frequency", "1.28 GHz", "GHz", {{"kHz", 1e-6}, {"MHz", 1e-3}, {"GHz", 1}}},
      {dimension::bandwidth, "a bandwidth", "25.6 GB/s", "GB/s", {{"MB/s", 1e-3}, {"GB/s", 1}, {"TB/s", 1e3}}},
      {dimension::energy, "an energy", "0.4 pJ", "pJ", {{"fJ", 1e-3}, {"pJ", 1}, {"nJ", 1e3}}},
      {dimension::energy_per_byte,
       "an energy per byte",
       "0.5 pJ/B",
       "pJ/B",
       {{"fJ/B", 1e-3}, {"pJ/B", 1}, {"nJ/B", 1e3}}},
      {dimension::loss_per_length, "a loss per length", "1 dB/cm", "dB/cm", {{"dB/cm", 1}, {"dB/mm", 10}}},
      {dimension::noise_density, "a noise density", "-140 dB/Hz", "dB/Hz", {{"dB/Hz", 1}}},
      {dimension::responsivity, "a current per power", "1.2 A/W", "A/W", {{"mA/W", 1e-3}, {"A/W", 1}}},
      {dimension::current, "a current", "35 nA", "nA", {{"pA", 1e-3}, {"nA", 1}, {"uA", 1e3}}},
      {dimension::resistance, "a resistance", "50 ohm", "ohm", {{"ohm", 1}, {"kohm", 1e3}}},
      {dimension::temperature, "a temperature", "300 K", "K", {{"mK", 1e-3}, {"K", 1}}},
      {dimension::shift_per_kelvin, "a shift per kelvin", "0.075 nm/K", "nm/K", {{"pm/K", 1e-3}, {"nm/K", 1}}},
      {dimension::area, "an area", "410 um2", "um2", {{"um2", 1}, {"mm2", 1e6}}},
      {dimension::area_per_byte, "an area per byte", "5.2 um2/B", "um2/B", {{"um2/B", 1}}},
  }};
  return rows.at(static_cast<std::size_t>(measure));
}

bool is_whole(dimension measure) {
  return measure == dimension::count || measure == dimension::bits;
}

const unit* find_unit(const dimension_row& row, std::string_view name) {
  for (const unit& candidate : row.units) {
    if (candidate.name == name) {
      return &candidate;
    }
  }
  return nullptr;
}

/// What the unit measures, for "is a power"; empty for an unknown unit.
std::string_view noun_of_unit(std::string_view name) {
  for (std::size_t index = 0; index <= static_cast<std::size_t>(dimension::area_per_byte); ++index) {
    const dimension_row& row = row_of(static_cast<dimension>(index));
    if (find_unit(row, name)) {
      return row.noun;
    }
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::string_view base_unit(dimension measure) {
  return row_of(measure).base;
}

std::string expected_quantity(dimension measure) {
  const dimension_row& row = row_of(measure);
  std::string text(row.noun);
  if (!row.base.empty()) {
    for (std::size_t index = 0; index < row.units.size(); ++index) {
      text.append(index == 0 ? " in " : index + 1 == row.units.size() ? " or " : ", ").append(row.units[index].name);
    }
  }
  return text.append(", such as '").append(row.example).append("'");
}

quantity parse_quantity(std::string_view text, dimension measure, std::string& problem) {
  const dimension_row& row = row_of(measure);
  text = trimmed(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) {
    problem = in_quotes(text) + " is beyond any number that the model can hold";
    return {};
  }
  if (error != std::errc{} || !std::isfinite(number)) {
    problem = in_quotes(text) + " is not " + std::string(row.noun);
    return {};
  }
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.data()));
  const std::string_view unit_name = trimmed(text.substr(digits.size()));
  if (is_whole(measure) && digits.find_first_of(".eE") != std::string_view::npos) {
    problem = in_quotes(text) + " is not a whole number";
    return {};
  }
  if (unit_name.empty()) {
    if (!row.base.empty()) {
      problem = in_quotes(text) + " has no unit";
    }
    return {number, std::string(digits)};
  }
  const unit* found = find_unit(row, unit_name);
  if (!found) {
    const std::string_view other = noun_of_unit(unit_name);
    problem = other.empty() ? "the unit " + in_quotes(unit_name) + " is not known"
                            : in_quotes(text) + " is " + std::string(other);
    return {};
  }
  const double value = number * found->factor;
  if (measure == dimension::size && value != std::floor(value)) {
    problem = in_quotes(text) + " is not a whole number of bytes";
  }
  return {value, std::string(digits).append(" ").append(unit_name)};
}

} // namespace sonic::config
