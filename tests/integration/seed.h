// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace sonic::tests {

/// The seed of a test, moved on by the environment variable SONIC_TEST_SEED: for more of the same, and to replay it.
inline std::uint64_t seed_from(std::uint64_t usual) {
  const char* more = std::getenv("SONIC_TEST_SEED");
  return usual + (more == nullptr ? 0 : std::strtoull(more, nullptr, 10));
}

} // namespace sonic::tests
