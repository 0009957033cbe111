// SPDX-License-Identifier: Apache-2.0
// The functions of dot_product.h once per instruction set. The best that the processor has is chosen at run time, so
// that one binary runs everywhere; all give the same bits.
#pragma once

#include "sonic/physics/dot_product.h"

#include <cstddef>
#include <cstdint>

namespace sonic::physics {

enum class instruction_set : std::uint8_t { baseline, avx2, avx512f };

struct block_kernels {
  void (*detect)(const lanes&, std::size_t, float*);
  void (*convert)(const float*, std::size_t, const conversion&, std::int32_t*);
  void (*detect_and_convert)(const block_sequence&, std::size_t, const conversion&, std::int32_t*);
  void (*accumulate_exact)(const lanes&, std::size_t, float, double*);
};

/// The kernels for an instruction set, or null if this processor or this build does not have it.
const block_kernels* kernels_for(instruction_set set);

} // namespace sonic::physics
