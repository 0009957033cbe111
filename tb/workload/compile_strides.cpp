// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/compile_strides.h"

#include "sonic/core/error.h"

#include <algorithm>

namespace sonic::workload {

namespace {

constexpr std::size_t most_walks = 256;

void drop_axis(strided_walk& walk, std::size_t axis) {
  const auto at = static_cast<std::ptrdiff_t>(axis);
  walk.extents.erase(walk.extents.begin() + at);
  for (auto& strides : walk.strides) {
    strides.erase(strides.begin() + at);
  }
  if (walk.channel_axis && *walk.channel_axis > axis) {
    --*walk.channel_axis;
  }
}

bool can_merge(const strided_walk& walk, std::size_t outer) {
  if (walk.channel_axis == outer || walk.channel_axis == outer + 1) {
    return false;
  }
  return std::all_of(walk.strides.begin(), walk.strides.end(), [&](const shape& strides) {
    return strides[outer] == strides[outer + 1] * walk.extents[outer + 1];
  });
}

void merge_axes(strided_walk& walk) {
  for (std::size_t axis = walk.extents.size(); axis-- > 0;) {
    if (walk.extents[axis] == 1 && walk.channel_axis != axis) {
      drop_axis(walk, axis);
    }
  }
  for (std::size_t axis = walk.extents.size(); axis-- > 1;) {
    if (can_merge(walk, axis - 1)) {
      walk.extents[axis] *= walk.extents[axis - 1];
      drop_axis(walk, axis - 1);
    }
  }
}

/// The shortest of the axes [begin, end).
std::size_t shortest(const strided_walk& walk, std::size_t begin, std::size_t end) {
  const auto first = walk.extents.begin();
  return static_cast<std::size_t>(
      std::min_element(first + static_cast<std::ptrdiff_t>(begin), first + static_cast<std::ptrdiff_t>(end)) - first);
}

/// An axis too many, if there is one.
std::optional<std::size_t> surplus_axis(const strided_walk& walk) {
  const std::size_t rank = walk.extents.size();
  if (!walk.channel_axis) {
    return rank > 4 ? std::optional(shortest(walk, 0, rank)) : std::nullopt;
  }
  if (*walk.channel_axis > 1) {
    return shortest(walk, 0, *walk.channel_axis);
  }
  const std::size_t behind = *walk.channel_axis + 1;
  return rank - behind > 2 ? std::optional(shortest(walk, behind, rank)) : std::nullopt;
}

walk_4d place(const strided_walk& walk) {
  const std::size_t rank = walk.extents.size();
  walk_4d placed{{1, 1, 1, 1}, {}};
  const auto axis_of = [&](std::size_t axis) {
    if (walk.channel_axis && axis <= *walk.channel_axis) {
      return axis + 1 - *walk.channel_axis;
    }
    return axis + 4 - rank;
  };
  for (std::size_t axis = 0; axis < rank; ++axis) {
    placed.iteration[axis_of(axis)] = walk.extents[axis];
  }
  for (std::size_t t = 0; t < walk.strides.size(); ++t) {
    access a{walk.offsets[t], {}};
    for (std::size_t axis = 0; axis < rank; ++axis) {
      a.strides[axis_of(axis)] = walk.strides[t][axis];
    }
    placed.accesses.push_back(a);
  }
  return placed;
}

} // namespace

shape dense_strides(const shape& extents) {
  shape strides(extents.size(), 1);
  for (std::size_t axis = extents.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * extents[axis];
  }
  return strides;
}

std::vector<walk_4d> reduce(strided_walk walk, const std::string& name) {
  merge_axes(walk);
  std::vector<strided_walk> walks{std::move(walk)};
  while (const auto axis = surplus_axis(walks.front())) {
    const std::int64_t pieces = walks.front().extents[*axis];
    if (pieces > static_cast<std::int64_t>(most_walks / walks.size())) {
      throw core::user_error(name, "its data are scattered along too many axes",
                             "expected a movement that takes at most " + std::to_string(most_walks) +
                                 " walks over four axes");
    }
    std::vector<strided_walk> cut;
    for (const auto& whole : walks) {
      for (std::int64_t i = 0; i < pieces; ++i) {
        strided_walk piece = whole;
        for (std::size_t t = 0; t < piece.strides.size(); ++t) {
          piece.offsets[t] += i * piece.strides[t][*axis];
        }
        drop_axis(piece, *axis);
        cut.push_back(std::move(piece));
      }
    }
    walks = std::move(cut);
  }
  std::vector<walk_4d> placed;
  std::transform(walks.begin(), walks.end(), std::back_inserter(placed), place);
  return placed;
}

} // namespace sonic::workload
