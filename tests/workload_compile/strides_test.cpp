// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/workload/compile_strides.h"
#include "tests/support/graph_builder.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <catch2/catch.hpp>

using namespace sonic::workload;
using workload_access = sonic::workload::access; // POSIX has a function of that name

namespace {

/// Every (write position -> read position) of a transpose, by walks; the channel of each where wanted.
std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> positions(const std::vector<walk_4d>& walks) {
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> found;
  for (const auto& w : walks) {
    for (std::int64_t n = 0; n < w.iteration[0]; ++n) {
      for (std::int64_t c = 0; c < w.iteration[1]; ++c) {
        for (std::int64_t h = 0; h < w.iteration[2]; ++h) {
          for (std::int64_t x = 0; x < w.iteration[3]; ++x) {
            const auto at = [&](const workload_access& a) {
              return a.offset + n * a.strides[0] + c * a.strides[1] + h * a.strides[2] + x * a.strides[3];
            };
            REQUIRE(found.emplace(at(w.accesses[1]), std::pair(at(w.accesses[0]), c)).second);
          }
        }
      }
    }
  }
  return found;
}

} // namespace

TEST_CASE("walks of any rank touch the same elements over four axes", "[strides]") {
  const std::uint64_t seed = 41;
  sonic::tests::random_source random(seed);
  for (int trial = 0; trial < 300; ++trial) {
    const auto rank = static_cast<std::size_t>(random.integer(0, 6));
    shape read_extents;
    for (std::size_t i = 0; i < rank; ++i) {
      read_extents.push_back(random.integer(1, 3));
    }
    std::vector<std::size_t> order(rank);
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = rank; i > 1; --i) {
      std::swap(order[i - 1], order[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(i) - 1))]);
    }
    shape extents(rank);
    shape read(rank);
    for (std::size_t i = 0; i < rank; ++i) {
      extents[i] = read_extents[order[i]];
      read[i] = dense_strides(read_extents)[order[i]];
    }
    const shape write = dense_strides(extents);
    strided_walk walk{extents, {read, write}, {0, 0}, std::nullopt};
    if (rank >= 2 && random.chance(0.5)) {
      walk.channel_axis = 1;
    }
    CAPTURE(seed, trial, to_string(extents), to_string(read));
    const auto found = positions(reduce(walk, "test"));
    CHECK(found.size() == static_cast<std::size_t>(element_count(extents, "test")));
    for (const auto& [to, source] : found) {
      std::int64_t from = 0;
      for (std::size_t i = 0; i < rank; ++i) {
        from += to / write[i] % extents[i] * read[i];
      }
      CHECK(source.first == from);
      if (walk.channel_axis) {
        CHECK(source.second == to / write[1] % extents[1]);
      }
    }
  }
}

TEST_CASE("a dense walk is one loop", "[strides]") {
  const shape extents{2, 3, 4, 5, 6};
  const shape dense = dense_strides(extents);
  const auto walks = reduce({extents, {dense, dense}, {0, 0}, std::nullopt}, "test");
  REQUIRE(walks.size() == 1);
  CHECK(walks[0].iteration == extents_4d{1, 1, 1, 720});
}

TEST_CASE("a walk that would take too many pieces is refused", "[strides]") {
  const shape extents{20, 20, 20, 20, 20, 20};
  shape reversed = dense_strides(extents);
  std::reverse(reversed.begin(), reversed.end());
  CHECK_THROWS_WITH(reduce({extents, {reversed, dense_strides(extents)}, {0, 0}, std::nullopt}, "node t"),
                    Catch::Contains("node t"));
}
