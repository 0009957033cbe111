// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/fault_list.h"

#include "sonic/config/contradict.h"
#include "sonic/config/document.h"
#include "sonic/config/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace sonic::config {

namespace {

using physics::fault_kind;

constexpr std::array<std::string_view, physics::fault_kinds.size()> devices{"laser_", "ring_", "heater_", "detector",
                                                                            "adc_bit_"};

std::string_view section_of(array_kind array) {
  return array == array_kind::conv ? "conv_array" : "fc_array";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\n";
  const auto first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// One entry, read from left to right.
class entry {
public:
  entry(const architecture& chip, std::string_view text, std::size_t number, std::size_t column)
      : chip_(chip), text_(text), rest_(text), number_(number), column_(column) {}

  unit_fault read();
  [[noreturn]] void refuse(const std::string& problem, const std::string& right) const {
    contradict(chip_, "faults.list",
               fmt::format("entry {}, at character {}, {}: {}", number_, column_, in_quotes(text_), problem), right);
  }

private:
  bool skip(std::string_view word) {
    const bool there = rest_.starts_with(word);
    rest_.remove_prefix(there ? word.size() : 0);
    return there;
  }
  std::uint32_t number_below(std::string_view what, std::uint32_t bound);
  double value_of(fault_kind kind);

  const architecture& chip_;
  std::string_view text_, rest_;
  std::size_t number_, column_;
};

std::uint32_t entry::number_below(std::string_view what, std::uint32_t bound) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
  if (end == rest_.data() || error != std::errc{} || value >= bound) {
    const auto digits = rest_.substr(0, rest_.find_first_of(".="));
    refuse(fmt::format("there is no {}{}", what, shown(digits)),
           fmt::format("expected {0}0 to {0}{1}", what, bound - 1));
  }
  rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
  return value;
}

double entry::value_of(fault_kind kind) {
  static constexpr std::array<std::string_view, physics::fault_kinds.size()> right{
      "expected no value: a laser is dead", "expected =VALUE from -1 to 1, such as ring_4=0.5",
      "expected a length, such as heater_4=-0.3 nm, or none for faults.detuning",
      "expected how many times noisier, at least 1, such as detector=10, or none for faults.detector_noise",
      "expected =0 or =1, such as adc_bit_5=1"};
  const std::string expected(right.at(static_cast<std::size_t>(kind)));
  if (!rest_.empty() && rest_.front() != '=') {
    refuse("after the device comes " + in_quotes(rest_), expected);
  }
  const bool given = skip("=");
  const bool needed = kind == fault_kind::stuck_ring || kind == fault_kind::stuck_adc_bit;
  if (!given && needed) {
    refuse("has no value", expected);
  }
  if (!given) {
    return kind == fault_kind::detuned_heater   ? chip_.faults.rates.detuning_nm
           : kind == fault_kind::noisy_detector ? chip_.faults.rates.detector_noise
                                                : 0.0;
  }
  std::string problem;
  const double value =
      parse_quantity(rest_, kind == fault_kind::detuned_heater ? dimension::length : dimension::ratio, problem).value;
  if (!problem.empty()) {
    refuse(problem, expected);
  }
  constexpr double farthest_nm = 1000.0, noisiest = 1e6;
  const bool inside = kind == fault_kind::stuck_ring       ? value >= -1.0 && value <= 1.0
                      : kind == fault_kind::detuned_heater ? value >= -farthest_nm && value <= farthest_nm
                      : kind == fault_kind::noisy_detector ? value >= 1.0 && value <= noisiest
                      : kind == fault_kind::stuck_adc_bit  ? value == 0.0 || value == 1.0
                                                           : false;
  if (!inside) {
    refuse(in_quotes(rest_) + " is no value for it", expected);
  }
  return value;
}

unit_fault entry::read() {
  unit_fault found;
  const bool conv = skip("conv_array.");
  if (!conv && !skip("fc_array.")) {
    refuse("names no array", "expected conv_array or fc_array, such as conv_array.vdu_3.laser_2");
  }
  found.array = conv ? array_kind::conv : array_kind::fc;
  if (!skip("vdu_")) {
    refuse("names no unit", "expected vdu_ and a number, such as conv_array.vdu_3.laser_2");
  }
  found.unit = number_below("vdu_", static_cast<std::uint32_t>(chip_.array(found.array).vdus));
  const bool dot = skip(".");
  const auto device = std::find_if(devices.begin(), devices.end(), [&](auto name) { return dot && skip(name); });
  if (device == devices.end()) {
    refuse("names no device", "expected laser_L, ring_L, heater_L, detector or adc_bit_B after the unit and a dot");
  }
  found.what.kind = physics::fault_kinds.at(static_cast<std::size_t>(device - devices.begin()));
  if (found.what.kind != fault_kind::noisy_detector) {
    const int places =
        found.what.kind == fault_kind::stuck_adc_bit ? chip_.devices.adc.bits : chip_.lanes_built(found.array);
    found.what.place = number_below(*device, static_cast<std::uint32_t>(places));
  }
  found.what.value = value_of(found.what.kind);
  return found;
}

} // namespace

std::string name_of_unit(array_kind array, std::uint32_t unit) {
  return fmt::format("{}.vdu_{}", section_of(array), unit);
}

std::string name_of_device(const physics::fault& what) {
  const std::string name(devices.at(static_cast<std::size_t>(what.kind)));
  return what.kind == fault_kind::noisy_detector ? name : name + std::to_string(what.place);
}

std::vector<unit_fault> parse_fault_list(const architecture& chip) {
  std::vector<unit_fault> faults;
  const std::string_view list = chip.faults.list;
  if (trimmed(list) == "none") {
    return faults;
  }
  std::size_t number = 0;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const auto text = trimmed(list.substr(begin, end - begin));
    const std::size_t column = (text.empty() ? begin : static_cast<std::size_t>(text.data() - list.data())) + 1;
    entry one(chip, text, ++number, column);
    const auto found = one.read();
    const auto same = std::find_if(faults.begin(), faults.end(), [&](const unit_fault& other) {
      return other.array == found.array && other.unit == found.unit && other.what.kind == found.what.kind &&
             other.what.place == found.what.place;
    });
    if (same != faults.end()) {
      one.refuse(fmt::format("entry {} names the same device", same - faults.begin() + 1), "expected each device once");
    }
    faults.push_back(found);
    begin = end + 1;
  }
  return faults;
}

} // namespace sonic::config
