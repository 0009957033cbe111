// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/interrupt_lines.h"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using sonic::platform::interrupt_lines;

TEST_CASE("a source interrupts if it is enabled and above the threshold") {
  interrupt_lines lines(40);
  lines.set_level(33, true);
  CHECK_FALSE(lines.asserted());
  lines.set_enabled(1, 1U << 1);
  CHECK_FALSE(lines.asserted()); // priority 0 never interrupts
  lines.set_priority(33, 2);
  CHECK(lines.asserted());
  lines.set_threshold(2);
  CHECK_FALSE(lines.asserted());
  lines.set_threshold(1);
  CHECK(lines.asserted());
  CHECK(lines.pending(1) == 1U << 1);
  CHECK(lines.claim() == 33);
  CHECK_FALSE(lines.asserted()); // in service
  CHECK(lines.pending(1) == 0);
  CHECK(lines.claim() == 0);
  lines.complete(33);
  CHECK(lines.asserted()); // the line is still high
  CHECK(lines.claim() == 33);
  lines.set_level(33, false);
  lines.complete(33);
  CHECK_FALSE(lines.asserted());
}

TEST_CASE("the highest priority goes first, of equals the lowest number") {
  interrupt_lines lines(10);
  lines.set_enabled(0, ~0U);
  for (unsigned int source = 1; source <= 10; ++source) {
    lines.set_priority(source, source % 3 + 1);
    lines.set_level(source, true);
  }
  for (const unsigned int wanted : {2U, 5U, 8U, 1U, 4U, 7U, 10U, 3U, 6U, 9U, 0U}) {
    CHECK(lines.claim() == wanted);
  }
}

TEST_CASE("random lines and claims agree with sets of sources") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 engine(seed);
  const auto random = [&] { return static_cast<unsigned int>(engine()); };
  constexpr unsigned int sources = 63;
  interrupt_lines lines(sources);
  std::map<unsigned int, unsigned int> priority;
  std::set<unsigned int> high, pending, service, enabled;
  unsigned int claims = 0;
  for (int step = 0; step < 20000; ++step) {
    const unsigned int source = 1 + random() % sources;
    switch (random() % 6) {
    case 0:
      lines.set_level(source, true);
      high.insert(source);
      if (!service.contains(source)) {
        pending.insert(source);
      }
      break;
    case 1:
      lines.set_level(source, false);
      high.erase(source);
      break;
    case 2:
      priority[source] = random() % 8;
      lines.set_priority(source, priority[source]);
      break;
    case 3: {
      const unsigned int word = source / 32;
      const std::uint32_t bits = random();
      lines.set_enabled(word, bits);
      for (unsigned int i = 0; i < 32; ++i) {
        const unsigned int number = word * 32 + i;
        if (number >= 1 && number <= sources && (bits >> i & 1U) != 0) {
          enabled.insert(number);
        } else {
          enabled.erase(number);
        }
      }
      break;
    }
    case 4: {
      unsigned int best = 0;
      for (const auto number : pending) {
        if (enabled.contains(number) && priority[number] > (best == 0 ? 0 : priority[best])) {
          best = number;
        }
      }
      REQUIRE(lines.claim() == best);
      if (best != 0) {
        pending.erase(best);
        service.insert(best);
        ++claims;
      }
      break;
    }
    default:
      lines.complete(source);
      if (enabled.contains(source)) {
        service.erase(source);
        if (high.contains(source)) {
          pending.insert(source);
        }
      }
    }
  }
  CHECK(claims > 100);
}
