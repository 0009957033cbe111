// SPDX-License-Identifier: Apache-2.0
// Walks over tensors of any rank as walks over four axes.
#pragma once

#include "tb/workload/program.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sonic::workload {

/// Elements between neighbours along each axis of a dense row-major tensor.
shape dense_strides(const shape& extents);

/// A walk of any rank: the same loops over several tensors.
struct strided_walk {
  shape extents;
  std::vector<shape> strides;              ///< per tensor, one stride per axis
  std::vector<std::int64_t> offsets;       ///< per tensor, first element
  std::optional<std::size_t> channel_axis; ///< must become axis 1, where each channel has parameters of its own
};

/// A walk that a descriptor can hold.
struct walk_4d {
  extents_4d iteration{};
  std::vector<access> accesses; ///< per tensor
};

/// Merges axes that lie behind one another in every tensor. What does not fit four axes then is cut along its shortest
/// axes into several walks.
/// @throws core::user_error naming @p name if that takes more than 256 walks
std::vector<walk_4d> reduce(strided_walk walk, const std::string& name);

} // namespace sonic::workload
