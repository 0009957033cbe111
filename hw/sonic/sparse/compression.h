// SPDX-License-Identifier: Apache-2.0
// Index decoding: the two compressions of SONIC (arXiv 2109.04459). CONV: positions of zero kernel weights are deleted
// from the kernel and from the patch. FC: positions of zero activations are deleted from the activation vector and from
// the weight rows. Both leave the dot product's value as it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sonic::sparse {

/// Cuts a compressed kernel into stationary vectors of at most @p lanes values.
/// @param columns non-zero positions of the kernel, ascending: (input channel, kernel row, kernel column)
/// @param lanes   at least 1
/// @param slice   positions after which a new vector begins, at least 1: kernel height x width to keep the 2-D slices
/// of
///                the input channels apart, the whole kernel's length to cut it as one
/// @param base    index of the kernel's first value where all kernels' values lie behind one another
/// @param ends    receives the end of each vector, counted from the same origin as base
void cut_kernel(std::span<const std::uint32_t> columns, std::uint32_t lanes, std::uint32_t slice, std::uint32_t base,
                std::vector<std::uint32_t>& ends);

/// Compresses an activation vector.
/// @param activations codes
/// @param positions   receives the positions of the non-zeros, ascending; vectors of m lanes are m positions each, in
///                    order, and the last one what is left
/// @return how many positions were deleted
std::uint64_t compress_activations(std::span<const std::uint16_t> activations, std::vector<std::uint32_t>& positions);

/// The same for real values; -0 is a zero too.
std::uint64_t compress_activations(std::span<const float> activations, std::vector<std::uint32_t>& positions);

} // namespace sonic::sparse
