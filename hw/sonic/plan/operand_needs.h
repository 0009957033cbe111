// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace sonic::plan {

/// The blocks of a pass, all of as many symbols.
struct pass_size {
  std::uint64_t blocks = 0;
  std::uint64_t lanes = 0; ///< of all of them together
  std::uint32_t symbols = 0;
  std::uint64_t decoding = 0; ///< cycles of the decoder of rows that has most to do for it
};

/// What of an array decides how it reads its operands.
struct array_needs {
  std::uint64_t units = 0, lanes = 0;
  double streaming_bytes = 0, stationary_bytes = 0; ///< of one value, as the converters take it
};

/// What a pass reads or updates of one buffer.
struct buffer_need {
  double bytes = 0;
  std::uint64_t requesters = 0; ///< that ask in the same cycle
};

/// Of the streaming operand, the stationary one, and the partial sums, each of which, of 32 bits, is read, added to and
/// written.
std::array<buffer_need, 3> needs_of(const array_needs& array, const pass_size& pass);

} // namespace sonic::plan
