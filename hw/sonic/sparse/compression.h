// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::sparse {

/// Cuts a compressed kernel into stationary vectors of at most @p lanes values.
/// @param columns non-zero positions of the kernel, ascending: (input channel, kernel row, kernel column)
/// @param slice   positions after which a new vector begins: kernel height x width to keep the 2-D slices of the input
///                channels apart, the whole kernel's length to cut it as one
/// @param base    index of the kernel's first value where all kernels' values lie behind one another
/// @param ends    receives the end of each vector, counted from the same origin as base
void cut_kernel(std::span<const std::uint32_t> columns, std::uint32_t lanes, std::uint32_t slice, std::uint32_t base,
                std::vector<std::uint32_t>& ends);

} // namespace sonic::sparse
