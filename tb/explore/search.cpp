// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/search.h"

#include "sonic/core/error.h"
#include "tb/explore/bounded_random.h"

#include <unordered_set>

namespace sonic::explore {

namespace {

/// Draws in a row that find nothing new before a random search gives up.
constexpr int patience = 100000;

} // namespace

std::uint64_t size_of(const axis_sizes& axes) {
  std::uint64_t size = 1;
  constexpr std::uint64_t most = std::uint64_t{1} << 63U;
  for (const std::uint64_t choices : axes) {
    if (size > most / choices) {
      throw core::user_error("space", "it has more than 2^63 designs", "expected fewer values or fewer keys");
    }
    size *= choices;
  }
  return size;
}

std::uint64_t number_of(const axis_sizes& axes, const design& chosen) {
  std::uint64_t number = 0;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    number = number * axes[axis] + chosen[axis];
  }
  return number;
}

void set_design(const axis_sizes& axes, std::uint64_t number, design& chosen) {
  chosen.resize(axes.size());
  for (std::size_t axis = axes.size(); axis-- > 0;) {
    chosen[axis] = static_cast<std::uint32_t>(number % axes[axis]);
    number /= axes[axis];
  }
}

search_result search_all(const axis_sizes& axes, const admission& admitted, const judge& worth) {
  search_result result;
  const std::uint64_t size = size_of(axes);
  design chosen;
  for (std::uint64_t number = 0; number < size; ++number) {
    set_design(axes, number, chosen);
    if (!admitted(chosen)) {
      continue;
    }
    ++result.evaluations;
    const double here = worth(chosen);
    if (here < result.best.worth) {
      result.best = {chosen, here};
    }
  }
  return result;
}

search_result search_at_random(const axis_sizes& axes, const admission& admitted, const judge& worth,
                               std::uint64_t evaluations, std::uint64_t seed) {
  search_result result;
  const std::uint64_t size = size_of(axes);
  bounded_random random(seed);
  std::unordered_set<std::uint64_t> seen;
  design chosen;
  for (int failed = 0; result.evaluations < evaluations && failed < patience;) {
    const std::uint64_t number = random.below(size);
    set_design(axes, number, chosen);
    if (!admitted(chosen) || !seen.insert(number).second) {
      ++failed;
      continue;
    }
    failed = 0;
    ++result.evaluations;
    const double here = worth(chosen);
    if (here < result.best.worth) {
      result.best = {chosen, here};
    }
  }
  return result;
}

} // namespace sonic::explore
