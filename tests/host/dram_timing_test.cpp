// SPDX-License-Identifier: Apache-2.0
#include "tb/host/dram_timing.h"

#include <catch2/catch.hpp>

#include <random>

using sonic::host::dram_timing;

namespace {

/// 4 banks of rows of 1000 bytes, 40 ps a byte, 100 ns to the first byte, 30 ns to open another row.
dram_timing::parameters figures() {
  return {100000, 30000, 40.0, 4, 1000};
}

} // namespace

TEST_CASE("the first access opens a row, the next one finds it open") {
  dram_timing dram(figures());
  CHECK(dram.access(false, 0, 10, 0) == 30000 + 100000 + 400);
  CHECK(dram.access(false, 500, 10, 1000000) == 1000000 + 100000 + 400);
  CHECK(dram.access(false, 4000, 10, 2000000) == 2000000 + 130000 + 400); // the same bank, another row
  CHECK(dram.access(false, 0, 10, 3000000) == 3000000 + 130000 + 400);
  CHECK(dram.row_misses() == 3);
}

TEST_CASE("a long run pays for its first row alone") {
  dram_timing dram(figures());
  CHECK(dram.access(false, 0, 4000, 0) == 130000 + 4000 * 40);
  CHECK(dram.row_misses() == 4);
}

TEST_CASE("accesses that are asked for together share the bus") {
  dram_timing dram(figures());
  const auto first = dram.access(false, 0, 100, 0);
  const auto second = dram.access(false, 100, 100, 0);
  CHECK(second == first + 100 * 40);
}

TEST_CASE("rows of one bank are opened one after the other") {
  dram_timing dram(figures());
  dram.access(false, 0, 1, 0);
  dram.access(false, 4000, 1, 0);
  CHECK(dram.access(false, 8000, 1, 0) == 3 * 30000 + 100000 + 40);
}

TEST_CASE("reads and writes do not wait for each other, and a refresh closes all rows") {
  dram_timing dram(figures());
  const auto read = dram.access(false, 0, 1000, 0);
  CHECK(dram.access(true, 0, 1000, 0) == read);
  dram.close_rows();
  CHECK(dram.access(false, 0, 1000, 0) == read);
}

TEST_CASE("random accesses: never before latency and bus allow, and late only by what is in the way") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    dram_timing dram(figures());
    std::uint64_t asked = 0;
    std::uint64_t before = 0;
    std::uint64_t moved = 0;
    for (int i = 0; i < 300; ++i) {
      asked += random() % 3 == 0 ? random() % 500000 : 0;
      const std::uint64_t bytes = 1 + random() % 3000;
      const auto ended = dram.access(false, random() % 50000, bytes, asked);
      moved += bytes;
      CHECK(ended >= asked + 100000 + bytes * 40);
      CHECK(ended >= before + bytes * 40); // one bus
      CHECK(ended >= moved * 40);
      // At the latest: the bus, and each row of this and of earlier accesses opened after the other.
      CHECK(ended <= std::max(before, asked) + 130000 + dram.row_misses() * 30000 + bytes * 40);
      before = ended;
    }
  }
}
