// SPDX-License-Identifier: Apache-2.0
// What of a chip is broken, and what its policy does about it: the same for all who ask with one configuration.
#pragma once

#include "sonic/config/fault_list.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sonic::config {

enum class fault_outcome : std::uint8_t {
  kept,     ///< the unit computes with it
  remapped, ///< a spare lane does the work of its lane
  skipped,  ///< its unit gets no work
  unused,   ///< of a spare lane that does nobody's work
};

std::string_view to_string(fault_outcome outcome);

struct known_fault : unit_fault {
  fault_outcome outcome = fault_outcome::kept;
};

/// Of one array.
struct array_damage {
  std::vector<known_fault> faults;    ///< by unit, kind and place
  std::vector<std::uint32_t> working; ///< units that get work, ascending; none: all
  /// Of each unit, at which of the lanes built each lane of a vector is; none: at the first ones. Of no unit, where no
  /// lane is replaced.
  std::vector<std::vector<std::uint32_t>> places;
};

struct damage {
  array_damage conv, fc;

  [[nodiscard]] const array_damage& of(array_kind kind) const { return kind == array_kind::conv ? conv : fc; }
};

/// Draws what faults.* ask for, adds faults.list, which goes before, and applies faults.policy.
/// @throws core::user_error if faults.policy: skip_units leaves an array without units
damage damage_of(const architecture& chip);

} // namespace sonic::config
