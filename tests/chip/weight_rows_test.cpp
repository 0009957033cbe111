// SPDX-License-Identifier: Apache-2.0
// Weight rows that are remembered, or decoded as they are needed, are those of the panel's image now.
#include "sonic/chip/decode/weight_rows.h"
#include "sonic/sparse/matrix_image.h"
#include "tests/support/graph_builder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

using namespace sonic;

namespace {

struct panel {
  regs::descriptor layer{};
  transport::decode_job job;
  std::vector<std::int16_t> codes;
  std::vector<std::uint8_t> bytes;
};

/// Few layers and places, so that panels meet again with the same or other contents; some are too large to remember.
void make(panel& p, tests::random_source& random) {
  constexpr std::uint32_t large = 3000;
  const bool passing = random.chance(0.02);
  p.layer.layer = static_cast<std::uint32_t>(random.integer(0, 2));
  p.layer.groups = 1;
  p.job.layer = &p.layer;
  p.job.panel.rows = passing ? large : static_cast<std::uint32_t>(random.integer(1, 8));
  p.job.panel.columns = passing ? large / 2 : static_cast<std::uint32_t>(random.integer(1, 70));
  p.job.codebook = {0.5F, -0.25F, random.chance(0.5) ? 0.0F : 1.0F};
  p.codes.resize(std::size_t{p.job.panel.rows} * p.job.panel.columns);
  const std::int64_t largest = random.chance(0.1) ? 3 : 2; // 3 is outside the codebook
  for (auto& code : p.codes) {
    code = static_cast<std::int16_t>(passing && random.chance(0.9) ? -1 : random.integer(-1, largest));
  }
  p.bytes = sparse::encode(random.chance(0.5) ? sparse::format::bitmask : sparse::format::csr, p.job.panel.rows,
                           p.job.panel.columns, p.codes, 2);
  p.job.panel.bytes = static_cast<std::uint32_t>(p.bytes.size());
}

} // namespace

TEST_CASE("weight rows are those of the image given") {
  constexpr std::uint64_t seed = 2718;
  constexpr int trials = 600;
  tests::random_source random(seed);
  chip::weight_rows rows;
  panel p;
  int refused = 0;
  std::size_t compared = 0;
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    if (trial == 0 || random.chance(0.6)) {
      make(p, random); // else the same again
    }
    if (random.chance(0.1)) {
      auto damaged = p.bytes;
      damaged[static_cast<std::size_t>(random.integer(0, 3))] ^= 1U;
      REQUIRE(rows.open(p.job, damaged) == regs::error_code::bad_weights);
    }
    REQUIRE(rows.open(p.job, p.bytes) == regs::error_code::none);
    for (int asked = 0; asked < 5; ++asked) {
      const auto row = static_cast<std::uint32_t>(random.integer(0, p.job.panel.rows - 1));
      const auto columns = p.job.panel.columns;
      const auto* const codes = p.codes.data() + std::size_t{row} * columns;
      const bool good = std::none_of(codes, codes + columns, [](std::int16_t code) { return code > 2; });
      REQUIRE(rows.need(row) == good);
      if (!good) {
        ++refused;
        continue;
      }
      const float* const found = rows.values() + rows.offsets()[row];
      std::uint32_t zeros = 0;
      for (std::uint32_t c = 0; c < columns; ++c) {
        const float expected = codes[c] < 0 ? 0.0F : p.job.codebook[static_cast<std::size_t>(codes[c])];
        REQUIRE(found[c] == expected);
        zeros += expected == 0.0F ? 1U : 0U;
      }
      REQUIRE(rows.zeros()[row] == zeros);
      compared += columns;
    }
    if (random.chance(0.3)) {
      rows.forget();
    }
  }
  std::cout << trials << " panels from seed " << seed << ": " << compared << " weights equal, " << refused
            << " rows refused\n";
  CHECK(refused > 0);
}
