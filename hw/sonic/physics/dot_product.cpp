// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/dot_product.h"

#include "sonic/physics/block_kernels.h"

namespace sonic::physics {

namespace {

const block_kernels& best_kernels() {
  static const block_kernels* const best = [] {
    const auto* wide = kernels_for(instruction_set::avx512f);
    const auto* half = kernels_for(instruction_set::avx2);
    return wide != nullptr ? wide : half != nullptr ? half : kernels_for(instruction_set::baseline);
  }();
  return *best;
}

} // namespace

void detect(const lanes& block, std::size_t symbols, float* sums) {
  best_kernels().detect(block, symbols, sums);
}

void convert(const float* sums, std::size_t symbols, const conversion& how, std::int32_t* partial_sums) {
  best_kernels().convert(sums, symbols, how, partial_sums);
}

void detect_and_convert(const block_sequence& blocks, std::size_t symbols, const conversion& how,
                        std::int32_t* partial_sums) {
  best_kernels().detect_and_convert(blocks, symbols, how, partial_sums);
}

void accumulate_exact(const lanes& block, std::size_t symbols, float scale, double* partial_sums) {
  best_kernels().accumulate_exact(block, symbols, scale, partial_sums);
}

} // namespace sonic::physics
