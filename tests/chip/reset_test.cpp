// SPDX-License-Identifier: Apache-2.0
// A reset at any moment of a program: what runs afterwards is as if nothing had been before.
#include "tests/chip/program_rig.h"

#include <catch2/catch.hpp>

#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace {

/// @returns how many of the resets came before the program had left all its results in memory
int reset_at_random(const std::string& timing) {
  constexpr std::uint64_t seed = 20261121;
  constexpr int resets = 60;
  program_rig rig({"run.timing=" + timing});
  rig.restore();
  const auto undisturbed = rig.run(rig.count());
  REQUIRE(undisturbed.ended.done);
  random_source random(seed);
  int in_between = 0;
  for (int i = 0; i < resets; ++i) {
    const auto after_ns =
        static_cast<double>(random.integer(0, 3 * static_cast<std::int64_t>(undisturbed.ended.time_ns) / 2));
    CAPTURE(seed, i, after_ns);
    rig.restore();
    rig.start_and_reset(after_ns);
    const auto left = rig.memory();
    in_between += left == rig.golden() ? 0 : 1;
    rig.restore();
    const auto again = rig.run(rig.count());
    CHECK(again.ended.done);
    CHECK(again.ended.time_ns == undisturbed.ended.time_ns);
    CHECK(again.ended.symbols == undisturbed.ended.symbols);
    CHECK((rig.memory() == rig.golden()));
  }
  std::cout << resets << " resets, " << in_between << " of them before the program's end (" << timing << ")\n";
  return in_between;
}

} // namespace

TEST_CASE("after a reset a program runs as after power-up, loosely timed", "[sim]") {
  reset_at_random("loosely_timed");
}

TEST_CASE("after a reset a program runs as after power-up, approximately timed", "[sim]") {
  CHECK(reset_at_random("approximately_timed") > 10);
}

TEST_CASE("a simulation may end in the middle of a program", "[sim]") {
  program_rig rig({"run.timing=approximately_timed", "memory.latency=10000 ns"});
  rig.restore();
  for (int i = 0; i < 3; ++i) {
    rig.start_and_reset(100.0 + 9000.0 * i); // and nothing waits for what is under way
  }
  CHECK((rig.memory() != rig.golden()));
}
