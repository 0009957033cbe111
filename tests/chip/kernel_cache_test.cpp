// SPDX-License-Identifier: Apache-2.0
// What the decoder remembers is what it would decode: the same chip runs programs whose weights change in place.
#include "sonic/chip/decode/kernel_cache.h"
#include "sonic/sparse/matrix_image.h"
#include "tests/support/graph_builder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <vector>

using namespace sonic;

namespace {

struct given {
  regs::descriptor layer{};
  std::vector<std::uint8_t> bytes;
  transport::decode_job job;
};

void check_equal(const chip::decoded_kernels& a, const chip::decoded_kernels& b) {
  CHECK(a.error == b.error);
  CHECK(a.stationary == b.stationary);
  CHECK(a.patches == b.patches);
  CHECK(a.chunk_ends == b.chunk_ends);
  CHECK(a.kernels == b.kernels);
  CHECK(a.deleted == b.deleted);
}

} // namespace

TEST_CASE("remembered kernels are those that the bytes, the codebook and the layer say now") {
  constexpr std::uint64_t seed = 4711;
  constexpr int trials = 2000;
  tests::random_source random(seed);
  chip::row_decoders decoders;
  chip::kernel_cache cache(5, true, decoders);
  int errors = 0;
  std::vector<std::vector<std::uint8_t>> seen;
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    // Few layers and places, so that they meet again with other contents; images are good, damaged, or seen before.
    given g;
    g.layer.layer = static_cast<std::uint32_t>(random.integer(0, 2));
    g.layer.kernel_height = 3;
    g.layer.kernel_width = static_cast<std::uint16_t>(random.integer(1, 3));
    g.layer.groups = 1;
    g.layer.out_channels = 8;
    g.job.layer = &g.layer;
    g.job.panel.rows = 2;
    g.job.panel.columns = 18;
    g.job.panel.first_row = static_cast<std::uint32_t>(2 * random.integer(0, 1));
    g.job.codebook = {0.5F, -0.25F, static_cast<float>(random.integer(1, 2)) * 0.25F};
    if (!seen.empty() && random.chance(0.5)) {
      g.bytes = seen[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(seen.size()) - 1))];
    } else {
      const auto largest = random.chance(0.1) ? 3 : 2; // 3 is outside the codebook
      std::vector<std::int16_t> codes(std::size_t{2} * 18);
      for (auto& code : codes) {
        code = static_cast<std::int16_t>(random.integer(-2, largest));
        code = std::max(code, std::int16_t{-1});
      }
      g.bytes = sparse::encode(random.chance(0.5) ? sparse::format::bitmask : sparse::format::csr, 2, 18, codes, 2);
      if (random.chance(0.2)) {
        g.bytes[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(g.bytes.size()) - 1))] ^= 1U;
      }
      seen.push_back(g.bytes);
    }
    g.job.panel.bytes = static_cast<std::uint32_t>(g.bytes.size());
    chip::kernel_cache fresh(5, true, decoders);
    const auto& found = cache.decode(g.job, g.bytes);
    check_equal(found, fresh.decode(g.job, g.bytes));
    errors += found.error == regs::error_code::none ? 0 : 1;
  }
  std::cout << trials << " panels from seed " << seed << ", " << errors << " of them damaged\n";
  CHECK(errors > 0);
  CHECK(errors < trials / 2);
}
