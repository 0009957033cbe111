// SPDX-License-Identifier: Apache-2.0
// The functions of dot_product.h once per instruction set. The best that the processor has is chosen at run time, so
// that one binary runs everywhere; all give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sonic::physics {

enum class instruction_set : std::uint8_t { baseline, avx2, avx512f };

struct block_kernels {
  void (*detect)(std::span<const float>, const float* const*, std::size_t, float*);
  void (*convert)(const float*, std::size_t, float, float, float, std::int32_t*);
  void (*detect_and_convert)(std::span<const float>, const float* const*, std::size_t, float, float, float,
                             std::int32_t*);
  void (*accumulate_exact)(std::span<const float>, const float* const*, std::size_t, float, double*);
};

/// The kernels for an instruction set, or null if this processor or this build does not have it.
const block_kernels* kernels_for(instruction_set set);

} // namespace sonic::physics
