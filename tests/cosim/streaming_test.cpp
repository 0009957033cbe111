// SPDX-License-Identifier: Apache-2.0
// Rows that follow one another without a pause, which the transactor of the chip does not do.
#include "sonic/sparse/row_decoder.h"
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/pin_checker.h"
#include "tb/cosim/rtl_block.h"
#include "tests/sparse/random_matrix.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>

using namespace sonic;
using namespace sonic::cosim;

namespace {

struct beat {
  std::vector<std::uint64_t> data; ///< in the order of the contract
};

/// Whose beats are shown one after the other, as soon as the one before was taken, or a random while later.
struct source {
  const stream* of;
  std::deque<beat> waiting;
  bool shown = false;
};

void add_words(std::deque<beat>& to, std::span<const std::uint8_t> bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    to.push_back({{word, at + 8 >= bytes.size() ? 1U : 0U}});
  }
}

struct streamed {
  std::vector<sparse::decoded_row> rows;
  std::uint64_t first_row = 0, last_beat = 0; ///< cycles
};

/// Streams all rows of the images through the block.
streamed stream_rows(rtl_block& block, const std::vector<sparse::packed_row>& rows, unsigned stall_percent,
                     std::uint32_t seed) {
  const auto& streams = block.ports().streams;
  std::vector<source> sources;
  for (const auto& s : streams) {
    if (!s.output) {
      sources.push_back({&s, {}, false});
    }
  }
  for (const auto& row : rows) {
    sources[0].waiting.push_back({{row.layout == sparse::format::csr ? 1U : 0U, row.wide ? 1U : 0U, row.nonzeros,
                                   row.code_bits, row.first_bit}});
    add_words(sources[1].waiting, row.index);
    add_words(sources[2].waiting, row.codes);
  }
  const auto& out = *std::find_if(streams.begin(), streams.end(), [](const auto& s) { return s.output; });
  const std::size_t count = out.data[0], index = out.data[1], code = out.data[2], last = out.data[3];
  std::mt19937 random(seed);
  const auto stalled = [&] { return random() % 100 < stall_percent; };
  pin_checker checker(block);
  streamed found;
  found.rows.emplace_back();
  const std::size_t wanted = rows.size();
  bool any_row = false;
  while (found.rows.size() <= wanted) {
    REQUIRE(block.cycles() < 1000000);
    for (auto& s : sources) {
      s.shown = !s.waiting.empty() && (s.shown || !stalled());
      block.set(s.of->valid, s.shown ? 1 : 0);
      for (std::size_t i = 0; s.shown && i < s.of->data.size(); ++i) {
        block.set(s.of->data[i], s.waiting.front().data[i]);
      }
    }
    block.set(out.ready, stalled() ? 0 : 1);
    block.settle();
    const auto broken = checker.check();
    REQUIRE(broken.value_or("") == "");
    if (block.get(out.valid) != 0 && block.get(out.ready) != 0) {
      auto& row = found.rows.back();
      for (unsigned l = 0; l < block.get(count); ++l) {
        row.columns.push_back(block.get(index, 32 * l, 32));
        row.codes.push_back(static_cast<std::uint16_t>(block.get(code, 8 * l, 8)));
      }
      if (block.get(last) != 0) {
        found.last_beat = block.cycles();
        found.rows.emplace_back();
      }
    }
    for (auto& s : sources) {
      if (s.shown && block.get(s.of->ready) != 0) {
        if (!any_row && s.of == sources[0].of) {
          any_row = true;
          found.first_row = block.cycles();
        }
        s.waiting.pop_front();
        s.shown = false;
      }
    }
    block.clock();
  }
  found.rows.pop_back();
  for (const auto& s : sources) {
    CHECK(s.waiting.empty());
  }
  return found;
}

} // namespace

TEST_CASE("rows without a pause between them take the sum of their cycles, and one until the last beat is out") {
  constexpr unsigned lanes = 5;
  const auto library = build_rtl(index_decoder_contract(lanes), {});
  for (std::uint32_t seed = 1; seed <= 80; ++seed) {
    for (const unsigned stalls : {0U, 35U}) {
      CAPTURE(seed, stalls);
      std::mt19937 random(seed);
      std::vector<std::vector<std::uint8_t>> bytes; // of both formats, their rows in turn
      std::vector<sparse::packed_row> rows;
      std::vector<sparse::decoded_row> wanted;
      std::uint64_t cycles = 0;
      for (int i = 0; i < 4; ++i) {
        const auto m = tests::draw_matrix(random, 5, 300, 1 + random() % 8);
        bytes.push_back(m.encode(i % 2 == 0 ? sparse::format::bitmask : sparse::format::csr));
        const sparse::matrix_image image(bytes.back());
        for (std::uint32_t r = 0; r < m.rows; ++r) {
          rows.push_back(image.packed(r));
          image.decode_row(r, wanted.emplace_back());
          cycles += sparse::decoder_cycles(rows.back(), lanes);
        }
      }
      rtl_block block(index_decoder_contract(lanes), library);
      const auto found = stream_rows(block, rows, stalls, seed);
      REQUIRE(found.rows.size() == wanted.size());
      for (std::size_t r = 0; r < wanted.size(); ++r) {
        CAPTURE(r);
        REQUIRE(found.rows[r].columns == wanted[r].columns);
        REQUIRE(found.rows[r].codes == wanted[r].codes);
      }
      if (stalls == 0) {
        CHECK(found.last_beat - found.first_row == cycles + 1);
      }
    }
  }
}
