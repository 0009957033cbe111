// SPDX-License-Identifier: Apache-2.0
// Random numbers that have addresses: a number depends on (seed, stream, counter) alone, not on the order in which
// numbers are asked for, nor on threads. Philox 4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3; SC
// 2011).
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace sonic::physics {

/// Who draws, so that no two draw the same numbers.
enum class random_purpose : std::uint16_t {
  fabrication = 1,
  receiver = 2,
  adc = 3,
  laser = 4,
  ambient = 5,
  faults = 6,
  buffers = 7,
};

/// The stream of one drawer: the purpose above, its @p index below 2^48.
constexpr std::uint64_t stream_of(random_purpose purpose, std::uint64_t index) {
  return (static_cast<std::uint64_t>(purpose) << 48U) | index;
}

/// One block of the generator.
std::array<std::uint32_t, 4> philox_4x32(const std::array<std::uint32_t, 4>& counter,
                                         const std::array<std::uint32_t, 2>& key);

/// Four words of 32 even bits at one address.
std::array<std::uint32_t, 4> uniform_words(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter);

/// A normal deviate of mean 0 and deviation 1. The seed is the generator's key; stream and half the counter are its
/// counter; Box and Muller's transform makes two deviates of each block, the even and the odd counter's.
double normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter);

/// normal(seed, stream, first), normal(seed, stream, first + 1), ... at half the work.
void fill_normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::span<double> deviates);

} // namespace sonic::physics
