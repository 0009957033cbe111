// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/distinct_levels.h"

#include <algorithm>
#include <bit>

namespace sonic::workload {

namespace {

/// Numbers values in the order in which they appear. A hash table of open addresses, of which half are free at least:
/// of a layer's many weights nearly each is found at its first address.
class value_numbers {
public:
  /// @param most values to number
  explicit value_numbers(std::size_t most)
      : bits_(static_cast<std::uint32_t>(std::bit_width(2 * (most + 2)))),
        places_(std::size_t{1} << bits_, {no_value, 0}) {
    number(0.0F); // has the number 0
  }

  /// The number of a value; more than @c most if it is one too many.
  std::size_t number(float value) {
    const auto wanted = std::bit_cast<std::uint32_t>(value + 0.0F); // -0 becomes 0
    constexpr std::uint32_t golden = 0x9E3779B9;                    // spreads values over the table
    const std::size_t first = (wanted * golden) >> (32U - bits_);
    return places_[first].value == wanted ? places_[first].number : look_further(wanted, first);
  }

  /// The values by their numbers; zero is the first.
  [[nodiscard]] const std::vector<float>& values() const { return values_; }

private:
  static constexpr std::uint32_t no_value = 0xFFFFFFFF; // the bits of a NaN

  struct place {
    std::uint32_t value, number;
  };

  std::size_t look_further(std::uint32_t wanted, std::size_t at) {
    while (places_[at].value != wanted && places_[at].value != no_value) {
      at = (at + 1) % places_.size();
    }
    if (places_[at].value == no_value) {
      places_[at] = {wanted, static_cast<std::uint32_t>(values_.size())};
      values_.push_back(std::bit_cast<float>(wanted));
    }
    return places_[at].number;
  }

  std::uint32_t bits_; ///< of an address
  std::vector<place> places_;
  std::vector<float> values_;
};

} // namespace

std::optional<distinct_levels> number_levels(const std::vector<float>& values, std::size_t most) {
  value_numbers numbers(most);
  distinct_levels found;
  found.codes.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t number = numbers.number(values[i]);
    if (number > most) {
      return std::nullopt;
    }
    found.codes[i] = static_cast<std::int16_t>(number); // 2^15 wraps, and back below
  }
  // From the order of appearance to ascending order.
  found.levels.assign(numbers.values().begin() + 1, numbers.values().end());
  std::sort(found.levels.begin(), found.levels.end());
  std::vector<std::int16_t> codes(numbers.values().size(), -1);
  for (std::size_t number = 1; number < codes.size(); ++number) {
    const auto level = std::lower_bound(found.levels.begin(), found.levels.end(), numbers.values()[number]);
    codes[number] = static_cast<std::int16_t>(level - found.levels.begin());
  }
  for (std::int16_t& code : found.codes) {
    code = codes[static_cast<std::uint16_t>(code)];
  }
  return found;
}

} // namespace sonic::workload
