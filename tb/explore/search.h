// SPDX-License-Identifier: Apache-2.0
// Ways through a finite design space, plain C++: each axis has a number of choices, and a design is one choice of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace sonic::explore {

/// Choices on every axis; at least one axis, and at least one choice on each.
using axis_sizes = std::vector<std::uint32_t>;
/// Which choice on every axis.
using design = std::vector<std::uint32_t>;

/// Designs of a space. @throws core::user_error if they are more than 2^63
std::uint64_t size_of(const axis_sizes& axes);
/// The number of a design, the last axis the fastest, and back.
std::uint64_t number_of(const axis_sizes& axes, const design& chosen);
void set_design(const axis_sizes& axes, std::uint64_t number, design& chosen);

/// What a design is worth: smaller is better, infinity is not allowed. Never not-a-number.
using judge = std::function<double(const design&)>;
/// Whether a design may be judged at all; what may not costs no evaluation.
using admission = std::function<bool(const design&)>;

inline constexpr double not_allowed = std::numeric_limits<double>::infinity();

struct found_design {
  design chosen;
  double worth = not_allowed;
};

struct search_result {
  found_design best;             ///< no design where none is allowed
  std::uint64_t evaluations = 0; ///< of the judge; no design is judged twice
};

/// Every admitted design.
search_result search_all(const axis_sizes& axes, const admission& admitted, const judge& worth);

/// Different designs, each admitted one as likely as any other.
/// @param evaluations of the judge, at most
search_result search_at_random(const axis_sizes& axes, const admission& admitted, const judge& worth,
                               std::uint64_t evaluations, std::uint64_t seed);

struct genetic_settings {
  std::uint64_t evaluations = 1000; ///< of the judge, at most
  std::uint64_t seed = 1;
  std::size_t population = 40; ///< designs of a generation, at least 4
  std::size_t elite = 4;       ///< best designs that the next generation keeps, fewer than the population
  std::size_t tournament = 3;  ///< designs of which the best is a parent, at least 1
  double mutation = 0.0;       ///< chance of each axis to change; 0: one axis a design on average
};

/// Generations of designs: the best stay, the others are children of two parents that won tournaments, each axis from
/// one of them, some axes changed by a step or at will. What was judged is remembered: a child that is known is changed
/// further, so that every evaluation sees a new design. (Goldberg, Genetic Algorithms in Search, Optimization and
/// Machine Learning, 1989.)
search_result search_genetically(const axis_sizes& axes, const admission& admitted, const judge& worth,
                                 const genetic_settings& how);

} // namespace sonic::explore
