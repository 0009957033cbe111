// SPDX-License-Identifier: Apache-2.0
// Programs with random bytes and words changed: every one ends, with done or an error, and the chip runs the good
// program right afterwards.
#include "tests/chip/program_rig.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

using namespace sonic;
using namespace sonic::tests;

namespace {

void damage_at_random(const std::vector<std::string>& overrides) {
  constexpr std::uint64_t seed = 20260202;
  constexpr int trials = 3000;
  program_rig rig(overrides);
  random_source random(seed);
  std::array<int, 9> ends{};
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    rig.restore();
    const bool in_descriptors = random.chance(0.5);
    const auto span =
        static_cast<std::int64_t>(in_descriptors ? rig.count() * sizeof(regs::descriptor) : rig.image_bytes());
    for (auto changes = random.integer(1, 4); changes > 0; --changes) {
      if (random.chance(0.5)) {
        const auto at = static_cast<std::uint64_t>(random.integer(0, span - 1));
        rig.save(at, static_cast<std::uint8_t>(random.integer(0, 255)));
      } else {
        constexpr std::array<std::uint32_t, 8> words{0, 1, 2, 7, 0x1000, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000000};
        const auto at = static_cast<std::uint64_t>(random.integer(0, span / 4 - 1)) * 4;
        rig.save(at, words[static_cast<std::size_t>(random.integer(0, 7))]);
      }
    }
    const auto found = rig.run(rig.count());
    REQUIRE(found.ended.error_code < ends.size());
    REQUIRE(found.ended.done == (found.ended.error_code == 0));
    REQUIRE(found.status == (found.ended.done ? regs::at::status_done : regs::at::status_error));
    ++ends[found.ended.error_code];
  }
  rig.restore();
  CHECK(rig.run(rig.count()).ended.done);
  CHECK((rig.memory() == rig.golden()));
  std::cout << trials << " random damages from seed " << seed << ", by error code:";
  for (const int n : ends) {
    std::cout << ' ' << n;
  }
  std::cout << '\n';
}

} // namespace

TEST_CASE("random damage to a code16 program ends with done or an error", "[sim]") {
  damage_at_random({});
}

TEST_CASE("random damage to a program that runs approximately timed ends with done or an error", "[sim]") {
  damage_at_random({"run.timing=approximately_timed"});
}

TEST_CASE("random damage to a float32 program ends with done or an error", "[sim]") {
  damage_at_random({"run.optics=ideal"});
}
