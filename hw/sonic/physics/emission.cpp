// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/emission.h"

#include "sonic/core/instruction_sets.h"

#include <algorithm>
#include <cmath>

namespace sonic::physics {

SONIC_EACH_INSTRUCTION_SET
void emit(const emission_law& law, float full, float* values, std::size_t count) {
  if (law.exact()) {
    return;
  }
  const float bow = 4.0F * law.bow / full;
  const float least = law.least * full;
  const float of_zero = law.gated ? 0.0F : least;
  for (std::size_t i = 0; i < count; ++i) {
    const float wanted = std::abs(values[i]);
    const float light = std::max(wanted + bow * wanted * (full - wanted), least);
    const float found = wanted == 0.0F ? of_zero : light;
    values[i] = std::copysign(found, values[i]);
  }
}

} // namespace sonic::physics
