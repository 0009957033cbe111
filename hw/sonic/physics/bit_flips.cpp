// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/bit_flips.h"

#include "sonic/physics/counter_random.h"

#include <cmath>

namespace sonic::physics {

std::vector<std::uint64_t> flipped_bits(double probability, std::uint64_t bits, std::uint64_t seed,
                                        const std::array<std::uint32_t, 3>& address) {
  std::vector<std::uint64_t> flipped;
  if (probability <= 0.0) {
    return flipped;
  }
  constexpr unsigned int word_bits = 32;
  const auto stream =
      stream_of(random_purpose::buffers, (static_cast<std::uint64_t>(address[0]) << word_bits) | address[1]);
  const double right = std::log1p(-probability); // of a bit that is read well; -infinity if none is
  std::uint64_t next = 0;
  for (std::uint64_t drawn = 0; next < bits; ++drawn, ++next) {
    // How many bits are read well before the next flip: a geometric deviate, by inversion.
    const auto words = uniform_words(seed, stream, (static_cast<std::uint64_t>(address[2]) << word_bits) | drawn);
    const double u = std::ldexp(static_cast<double>(words[0]) + 0.5, -static_cast<int>(word_bits)) +
                     std::ldexp(static_cast<double>(words[1]), -2 * static_cast<int>(word_bits));
    const double well = std::floor(std::log(u) / right);
    if (!(well < static_cast<double>(bits - next))) {
      break;
    }
    next += static_cast<std::uint64_t>(well);
    flipped.push_back(next);
  }
  return flipped;
}

} // namespace sonic::physics
