// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/bounded_random.h"
#include "tb/explore/search.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

namespace sonic::explore {

namespace {

class population {
public:
  population(const axis_sizes& axes, const admission& admitted, const judge& worth, const genetic_settings& how)
      : axes_(axes), admitted_(admitted), worth_(worth), how_(how), random_(how.seed) {}

  search_result run() {
    while (members_.size() < how_.population && budget_left()) {
      const auto fresh = admitted_at_random();
      if (!fresh) {
        break;
      }
      members_.push_back(judged(*fresh));
    }
    sort();
    while (budget_left() && members_.size() > 1) {
      const auto before = result_.evaluations;
      next_generation();
      if (result_.evaluations == before) {
        break; // nothing new within reach
      }
    }
    return std::move(result_);
  }

private:
  [[nodiscard]] bool budget_left() const { return result_.evaluations < how_.evaluations; }
  [[nodiscard]] bool known(const design& d) const { return memo_.contains(number_of(axes_, d)); }

  /// A new design that is admitted.
  std::optional<design> admitted_at_random() {
    constexpr int most_draws = 100000;
    design d(axes_.size());
    for (int draw = 0; draw < most_draws; ++draw) {
      for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
        d[axis] = static_cast<std::uint32_t>(random_.below(axes_[axis]));
      }
      if (admitted_(d) && !known(d)) {
        return d;
      }
    }
    return {};
  }

  found_design judged(const design& d) {
    const auto [entry, fresh] = memo_.try_emplace(number_of(axes_, d), 0.0);
    if (fresh) {
      ++result_.evaluations;
      entry->second = worth_(d);
      if (entry->second < result_.best.worth) {
        result_.best = {d, entry->second};
      }
    }
    return {d, entry->second};
  }

  void sort() {
    // Equal ones in the order of their numbers, so that nothing depends on how they came to be.
    std::sort(members_.begin(), members_.end(), [&](const found_design& a, const found_design& b) {
      return std::pair(a.worth, number_of(axes_, a.chosen)) < std::pair(b.worth, number_of(axes_, b.chosen));
    });
  }

  /// Members are sorted, so the best of some is the one with the least index.
  const design& parent() {
    std::uint64_t best = random_.below(members_.size());
    for (std::size_t i = 1; i < how_.tournament; ++i) {
      best = std::min(best, random_.below(members_.size()));
    }
    return members_[best].chosen;
  }

  /// A step to a neighbouring choice, or any other one.
  void change(design& d, std::size_t axis) {
    const std::uint32_t choices = axes_[axis];
    if (choices == 1) {
      return;
    }
    constexpr double steps = 0.5;
    if (random_.chance(steps)) {
      const bool up = d[axis] == 0 || (d[axis] + 1 < choices && random_.below(2) == 0);
      d[axis] += up ? 1U : ~0U;
    } else {
      d[axis] = static_cast<std::uint32_t>((d[axis] + 1 + random_.below(choices - 1)) % choices);
    }
  }

  /// A new design, or none where everything near is known.
  std::optional<design> child() {
    const design& mother = parent();
    const design& father = parent();
    design d(axes_.size());
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      d[axis] = (random_.below(2) == 0 ? mother : father)[axis];
    }
    const double rate = how_.mutation > 0.0 ? how_.mutation : 1.0 / static_cast<double>(axes_.size());
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      if (random_.chance(rate)) {
        change(d, axis);
      }
    }
    constexpr int most_changes = 200;
    for (int tries = 0; tries < most_changes; ++tries) {
      if (!known(d) && admitted_(d)) {
        return d;
      }
      change(d, random_.below(axes_.size()));
    }
    return {};
  }

  void next_generation() {
    std::vector<found_design> next(
        members_.begin(), members_.begin() + static_cast<std::ptrdiff_t>(std::min(how_.elite, members_.size())));
    for (int failed = 0; next.size() < members_.size() && budget_left();) {
      constexpr int patience = 100;
      const auto d = child();
      if (d) {
        next.push_back(judged(*d));
      } else if (++failed == patience) {
        break;
      }
    }
    if (next.size() < members_.size()) {
      // Out of budget or of new designs: the rest of the generation stays as it is.
      next.insert(next.end(), members_.begin() + static_cast<std::ptrdiff_t>(next.size()), members_.end());
    }
    members_ = std::move(next);
    sort();
  }

  const axis_sizes& axes_;
  const admission& admitted_;
  const judge& worth_;
  const genetic_settings& how_;
  bounded_random random_;
  std::vector<found_design> members_; ///< best first
  std::unordered_map<std::uint64_t, double> memo_;
  search_result result_;
};

} // namespace

search_result search_genetically(const axis_sizes& axes, const admission& admitted, const judge& worth,
                                 const genetic_settings& how) {
  return population(axes, admitted, worth, how).run();
}

} // namespace sonic::explore
