// SPDX-License-Identifier: Apache-2.0
// The streaming operand as lasers emit it: a converter that is not quite straight, and a laser that is never dark while
// it is driven.
#pragma once

#include <cstddef>

namespace sonic::physics {

/// For a share x of full drive, of either sign: x + 4 bow x (1 - x), but at least `least` in magnitude. A value of 0 is
/// gated, and dark, or else the least.
struct emission_law {
  float bow = 0.0F;   ///< integral nonlinearity of the converter, over its full scale
  float least = 0.0F; ///< least light of a driven laser, over the most: 10^(-extinction / 10)
  bool gated = true;  ///< a laser whose value is 0 is not driven

  [[nodiscard]] bool exact() const { return bow == 0.0F && least == 0.0F; }
};

/// Replaces values, at most @p full in magnitude, by what is emitted.
void emit(const emission_law& law, float full, float* values, std::size_t count);

} // namespace sonic::physics
