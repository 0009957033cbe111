// SPDX-License-Identifier: Apache-2.0
// The RTL accumulator against plain sums: values and cycles, with and without stalls; and what is found when RTL is
// wrong.
#include "sonic/core/error.h"
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/rtl_accumulator.h"
#include "tests/config/scratch.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace sonic;
using namespace sonic::cosim;

namespace {

const std::filesystem::path rtl_folder = std::filesystem::path(SONIC_SOURCE_DIR) / "hw" / "rtl";

/// What is told of each call: whether it read the sums that it should, its cycles, those of the closed form, and those
/// in which an input or the output stalled.
struct seen {
  bool same = true;
  std::uint64_t cycles = 0, counted = 0, stalled = 0;
};

/// Random calls on a few words, so that calls meet the same words at once, and on all of them.
template <class visitor>
void random_calls(std::uint64_t seed, unsigned lanes, std::uint64_t words, rtl_accumulator& rtl, visitor&& visit) {
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> sums(words * lanes);
  rtl.clear(0, sums.size()); // the memory begins with anything
  for (int call = 0; call < 200; ++call) {
    const std::uint64_t few = random() % 2 == 0 ? sums.size() : std::min<std::uint64_t>(sums.size(), 2 * lanes);
    const std::uint64_t first = random() % few, count = 1 + random() % (few - first);
    seen now;
    now.counted = digital::accumulator_cycles(first, count, lanes);
    switch (random() % 4) {
    case 0:
      now.cycles = *rtl.clear(first, count);
      std::fill_n(sums.begin() + static_cast<std::ptrdiff_t>(first), count, 0U);
      break;
    case 1: {
      std::vector<std::int32_t> into(count);
      now.cycles = *rtl.read(first, into);
      now.same = std::equal(into.begin(), into.end(), sums.begin() + static_cast<std::ptrdiff_t>(first),
                            [](std::int32_t a, std::uint32_t b) { return static_cast<std::uint32_t>(a) == b; });
      break;
    }
    default: {
      std::vector<std::int32_t> codes(count);
      const bool ends = random() % 4 == 0; // sums that pass 2^31 in both directions
      for (auto& code : codes) {
        code = ends ? (random() % 2 == 0 ? -32768 : 32767) : static_cast<std::int16_t>(random());
      }
      now.cycles = *rtl.add(first, codes);
      for (std::uint64_t i = 0; i < count; ++i) {
        sums[first + i] += static_cast<std::uint32_t>(codes[i]);
      }
    }
    }
    now.stalled = rtl.stalled_cycles();
    visit(call, now);
  }
}

/// Builds the block with this text in the place of accumulator.sv and works with it until something is wrong.
std::string first_difference(const std::filesystem::path& source) {
  constexpr unsigned lanes = 3;
  constexpr std::uint64_t words = 5;
  const auto library =
      build_rtl(accumulator_contract(lanes, words), {{source, rtl_folder / "partial_sum_buffer.sv"}, "test", false});
  std::string difference;
  for (std::uint64_t seed = 1; seed <= 20 && difference.empty(); ++seed) {
    for (const unsigned percent : {0U, 40U}) {
      rtl_accumulator rtl(lanes, words, library, {percent, percent, seed});
      try {
        random_calls(seed, lanes, words, rtl, [&](int, const seen& now) {
          if (difference.empty() && !now.same) {
            difference = "other sums";
          } else if (difference.empty() && percent == 0 && now.cycles != now.counted) {
            difference = "other cycles";
          }
        });
      } catch (const core::user_error& error) {
        difference = difference.empty() ? error.what() : difference;
      }
    }
  }
  return difference;
}

} // namespace

TEST_CASE("random calls: the RTL accumulator has the sums of plain additions, in the cycles of its closed form") {
  for (const auto& [lanes, words] : {std::pair{1U, 7U}, {5U, 9U}, {8U, 64U}, {16U, 4U}}) {
    const auto library = build_rtl(accumulator_contract(lanes, words), {});
    rtl_accumulator prompt(lanes, words, library), stalled(lanes, words, library, {40, 30, lanes});
    std::uint64_t cycles_without = 0, cycles_with = 0, calls = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      random_calls(seed, lanes, words, prompt, [&, lanes = lanes](int call, const seen& now) {
        CAPTURE(lanes, seed, call);
        REQUIRE(now.same);
        REQUIRE(now.cycles == now.counted);
        cycles_without += now.cycles;
        ++calls;
      });
      random_calls(seed, lanes, words, stalled, [&, lanes = lanes](int call, const seen& now) {
        CAPTURE(lanes, seed, call);
        REQUIRE(now.same);
        REQUIRE(now.cycles >= now.counted);
        REQUIRE(now.cycles <= now.counted + now.stalled);
        cycles_with += now.cycles;
      });
    }
    WARN(lanes << " lanes, " << words << " words: " << calls << " calls, " << cycles_without << " cycles, "
               << cycles_with << " with 40 % of the inputs and 30 % of the outputs stalled");
  }
}

TEST_CASE("planted bugs in the accumulator are found") {
  struct bug {
    std::string what, was, is, found;
  };
  const std::vector<bug> bugs{
      {"a sum on its way to the memory is not seen", "around  <= word == next ? writes : '0;", "around  <= '0;",
       "other sums"},
      {"what is written passes a beat that reads another word", "word == next ? writes", "1'b1 ? writes", "other sums"},
      {"codes are taken to be positive", "{{16{codes[l*16+15]}}", "{{16{1'b0}}", "other sums"},
      {"lanes without a code are written", "writes = adds ? keep : '0;", "writes = adds ? '1 : '0;", "other sums"},
      {"a word that leaves does not wait", "assign moves      = !gives || sum_ready;", "assign moves = 1'b1;",
       "sum_valid"},
      {"each beat of codes takes two cycles", "assign code_ready = moves && !read_valid;",
       "assign code_ready = moves && !read_valid && !adds;", "other cycles"},
  };
  const tests::scratch_folder folder;
  const auto text = tests::read_text(rtl_folder / "accumulator.sv");
  for (const auto& b : bugs) {
    const auto found = first_difference(folder.write("accumulator.sv", tests::replaced(text, b.was, b.is)));
    CAPTURE(b.what, found);
    WARN(b.what << ": " << (found.empty() ? "not found" : found.substr(0, 90)));
    CHECK_THAT(found, Catch::Contains(b.found));
  }
}

TEST_CASE("an accumulator with a port of another width is refused") {
  const tests::scratch_folder folder;
  const auto text = tests::read_text(rtl_folder / "accumulator.sv");
  const auto source = folder.write("accumulator.sv", tests::replaced(text, "output logic [LANES*32-1:0] sum_data ",
                                                                     "output logic [LANES*31-1:0] sum_data "));
  try {
    build_rtl(accumulator_contract(4, 8), {{source, rtl_folder / "partial_sum_buffer.sv"}, "test", false});
    FAIL("it was taken");
  } catch (const core::user_error& error) {
    CHECK_THAT(error.what(), Catch::Contains("sum_data") && Catch::Contains("124 bits") && Catch::Contains("128 bits"));
  }
}
