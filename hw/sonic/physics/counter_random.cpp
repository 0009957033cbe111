// SPDX-License-Identifier: Apache-2.0
#include "sonic/physics/counter_random.h"

#include <Random123/boxmuller.hpp>
#include <Random123/philox.h>
#include <cstddef>

namespace sonic::physics {

namespace {

std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return (static_cast<std::uint64_t>(high) << 32U) | low;
}

std::array<std::uint32_t, 2> halves(std::uint64_t value) {
  return {static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32U)};
}

r123::double2 normal_pair(std::uint64_t seed, std::uint64_t stream, std::uint64_t pair) {
  const auto block = uniform_words(seed, stream, pair);
  return r123::boxmuller(joined(block[0], block[1]), joined(block[2], block[3]));
}

} // namespace

std::array<std::uint32_t, 4> philox_4x32(const std::array<std::uint32_t, 4>& counter,
                                         const std::array<std::uint32_t, 2>& key) {
  const r123::Philox4x32::ctr_type in{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type with{{key[0], key[1]}};
  const auto out = r123::Philox4x32{}(in, with); // ten rounds
  return {out[0], out[1], out[2], out[3]};
}

std::array<std::uint32_t, 4> uniform_words(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  const auto c = halves(counter), s = halves(stream);
  return philox_4x32({c[0], c[1], s[0], s[1]}, halves(seed));
}

double normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  const auto pair = normal_pair(seed, stream, counter / 2);
  return counter % 2 == 0 ? pair.x : pair.y;
}

void fill_normal(std::uint64_t seed, std::uint64_t stream, std::uint64_t first, std::span<double> deviates) {
  std::size_t i = 0;
  if (first % 2 != 0 && !deviates.empty()) {
    deviates[i++] = normal(seed, stream, first);
  }
  for (; i + 1 < deviates.size(); i += 2) {
    const auto pair = normal_pair(seed, stream, (first + i) / 2);
    deviates[i] = pair.x;
    deviates[i + 1] = pair.y;
  }
  if (i < deviates.size()) {
    deviates[i] = normal(seed, stream, first + i);
  }
}

} // namespace sonic::physics
