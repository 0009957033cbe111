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

void detect(std::span<const float> stationary, const float* const* streams, std::size_t symbols, float* sums) {
  best_kernels().detect(stationary, streams, symbols, sums);
}

void convert(const float* sums, std::size_t symbols, float scale, float inverse_lsb, float full_code,
             std::int32_t* partial_sums) {
  best_kernels().convert(sums, symbols, scale, inverse_lsb, full_code, partial_sums);
}

void detect_and_convert(std::span<const float> stationary, const float* const* streams, std::size_t symbols,
                        float scale, float inverse_lsb, float full_code, std::int32_t* partial_sums) {
  best_kernels().detect_and_convert(stationary, streams, symbols, scale, inverse_lsb, full_code, partial_sums);
}

void accumulate_exact(std::span<const float> stationary, const float* const* streams, std::size_t symbols, float scale,
                      double* partial_sums) {
  best_kernels().accumulate_exact(stationary, streams, symbols, scale, partial_sums);
}

} // namespace sonic::physics
