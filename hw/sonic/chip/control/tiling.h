// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/chip/limits.h"
#include "sonic/tlm/jobs.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace sonic::chip {

/// Pattern of a strided walk over elements; inner loops that are contiguous become one piece.
/// @param counts extents of the walk, outermost first
/// @param strides in elements
transport::transfer_pattern make_pattern(std::uint64_t address, std::uint64_t element_bytes,
                                         const std::array<std::uint64_t, 4>& counts,
                                         const std::array<std::uint64_t, 4>& strides);

/// Input rectangle inside the image that the windows of an output rectangle touch.
transport::rectangle input_of(const regs::descriptor& d, const transport::rectangle& output);

/// Output rectangles of a convolution or a pool, in row-major order, each small enough for the buffers; nullopt if not
/// even one output position fits.
/// @param channels   channels of sums and outputs at a time: rows of the largest panel (convolution), 1 (pool)
/// @param in_channels channels of the input that are loaded at a time
/// @param extra_bytes what else lies in the global buffer at the same time
std::optional<std::vector<transport::rectangle>> window_tiles(const regs::descriptor& d, const tile_limits& limits,
                                                              std::uint64_t channels, std::uint64_t in_channels,
                                                              std::uint64_t extra_bytes);

/// One tile of an element-wise walk: extents [begin, end) over (batch, channel, height, width).
struct walk_tile {
  std::array<std::uint64_t, 4> begin{}, end{};
};

/// Tiles of an element-wise walk of at most @p elements elements each; a tile of several channels holds them whole.
std::vector<walk_tile> walk_tiles(const std::array<std::uint64_t, 4>& extents, std::uint64_t elements);

} // namespace sonic::chip
