// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/config/architecture.h"

#include <cstdint>
#include <vector>

namespace sonic::tests {

/// A small quantised network of convolution, addition, pool and fully connected layer as bytes, and what the golden
/// model makes of it: nothing of this has been on a chip.
struct small_program {
  /// @param seed of weights and input
  small_program(const config::architecture& chip, std::uint64_t seed);

  std::uint32_t descriptors = 0;
  std::vector<std::uint8_t> before; ///< the image with its input
  std::vector<std::uint8_t> after;  ///< with every layer's codes

  [[nodiscard]] std::uint64_t size() const { return before.size(); }
};

/// The first byte that neither holds what it held before nor what the golden model says; -1 if there is none.
std::int64_t first_foreign_byte(const small_program& program, const std::vector<std::uint8_t>& memory);

} // namespace sonic::tests
