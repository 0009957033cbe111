// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/tlm/block.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace sonic::chip {

/// Splits the work of a tile, blocks in order, into as many contiguous shares as there are units, each of
/// ceil(total symbols / units) symbols (the last one what is left). A block that straddles two shares is split by its
/// symbols and imprinted in both units. So a tile takes exactly ceil(operations / units) steps.
/// @param blocks whole blocks; their streams may be read at any symbol offset
/// @param piece  makes the piece [begin, end) of a block that is split
/// @param share  called with a unit's number and its blocks, in ascending order; units without work are not called
void partition_work(const std::vector<transport::block>& blocks, std::uint32_t units,
                    const std::function<transport::block(const transport::block&, std::uint32_t, std::uint32_t)>& piece,
                    const std::function<void(std::uint32_t, std::vector<transport::block>&)>& share);

} // namespace sonic::chip
