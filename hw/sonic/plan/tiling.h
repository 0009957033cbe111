// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/plan/limits.h"
#include "sonic/plan/work.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace sonic::plan {

/// Coordinates are signed, since windows begin in the padding; counts and addresses are not.
constexpr std::uint64_t unsigned_of(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

/// Pattern of a strided walk over elements; inner loops that are contiguous become one piece.
/// @param counts extents of the walk, outermost first
/// @param strides in elements
transfer_pattern make_pattern(std::uint64_t address, std::uint64_t element_bytes,
                              const std::array<std::uint64_t, 4>& counts, const std::array<std::uint64_t, 4>& strides);

/// Input rectangle inside the image that the windows of an output rectangle touch.
rectangle input_of(const regs::descriptor& d, const rectangle& output);

/// Output rectangles of a convolution or a pool, in row-major order, each small enough for the buffers; nullopt if not
/// even one output position fits.
/// @param channels   channels of sums and outputs at a time: rows of the largest panel (convolution), 1 (pool)
/// @param in_channels channels of the input that are loaded at a time
/// @param extra_bytes what else lies in the global buffer at the same time, beside results, and operands that the
///                    post-processor reads, of two tiles
std::optional<std::vector<rectangle>> window_tiles(const regs::descriptor& d, const tile_limits& limits,
                                                   std::uint64_t channels, std::uint64_t in_channels,
                                                   std::uint64_t extra_bytes);

/// One tile of an element-wise walk: extents [begin, end) over (batch, channel, height, width).
struct walk_tile {
  std::array<std::uint64_t, 4> begin{}, end{};
};

/// The tiles of an element-wise walk, one after the other; a tile of several channels holds them whole.
class walk_tiler {
public:
  /// @param elements most elements of a tile, at least 1
  walk_tiler(const std::array<std::uint64_t, 4>& extents, std::uint64_t elements);

  /// The next tile; false after the last one.
  bool next(walk_tile& tile);

private:
  std::array<std::uint64_t, 4> extents_;
  std::array<std::uint64_t, 4> step_{1, 1, 1, 1}; ///< how much of each axis one tile holds
  std::array<std::uint64_t, 4> begin_{};
  bool done_ = false;
};

} // namespace sonic::plan
