// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sonic::explore {

/// Designs that no other one is at least as good as in everything and better in something: smaller is better. Of equal
/// ones the first stays.
class pareto_front {
public:
  struct member {
    std::uint64_t number = 0;
    std::vector<double> values;
  };

  /// @returns whether the design is on the front, for now
  bool offer(std::uint64_t number, const std::vector<double>& values);

  /// By number.
  [[nodiscard]] std::vector<member> sorted() const;

private:
  std::vector<member> members_;
};

} // namespace sonic::explore
