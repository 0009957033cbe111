// SPDX-License-Identifier: Apache-2.0
// How rows of the table of keys are made; for keys*.cpp alone.
#pragma once

#include "sonic/config/keys.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sonic::config {

// Bounds that no device comes near: they catch slips of a unit, and keep every sum and product finite.
inline constexpr range latency_ns{0, 1e9};
inline constexpr range period_ns{0, 1e9, true};
inline constexpr range power_mw{0, 1e6};

/// @param field returns a reference to the number in the architecture
template <class accessor>
key number_row(std::string path, dimension measure, range allowed, std::string_view description, accessor field,
               std::optional<std::string_view> fallback = {}) {
  const auto set = [field](architecture& chip, double value) {
    auto& target = field(chip);
    target = static_cast<std::remove_reference_t<decltype(target)>>(value);
  };
  return {std::move(path), description, fallback, number_key{measure, allowed, set}};
}

template <class word, class accessor>
key choice_row(std::string path, std::initializer_list<word> words, std::string_view description, accessor field,
               std::optional<std::string_view> fallback) {
  choice_key what;
  for (const word& each : words) {
    what.words.push_back(to_string(each));
  }
  what.set = [field, choices = std::vector<word>(words)](architecture& chip, std::size_t index) {
    field(chip) = choices.at(index);
  };
  return {std::move(path), description, fallback, what};
}

/// on or off.
template <class accessor>
key switch_row(std::string path, std::string_view description, accessor field, std::string_view fallback) {
  choice_key what{{"on", "off"}, [field](architecture& chip, std::size_t index) { field(chip) = index == 0; }};
  return {std::move(path), description, fallback, what};
}

void add_devices(std::vector<key>& rows);
/// Buffers, digital blocks, DMA engine and memory.
void add_electronics(std::vector<key>& rows);
/// What only `optics: physical` uses: beside the devices.
void add_physical_optics(std::vector<key>& rows);
/// Areas of devices.
void add_areas(std::vector<key>& rows);
void add_faults(std::vector<key>& rows);

} // namespace sonic::config
