// SPDX-License-Identifier: Apache-2.0
// The RTL post_processor against the plain one: codes and cycles, with and without stalls; and what is found when RTL
// is wrong.
#include "sonic/core/error.h"
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/rtl_post_processor.h"
#include "tests/config/scratch.h"
#include "tests/digital/random_job.h"

#include <catch2/catch.hpp>

#include <array>

using namespace sonic;
using namespace sonic::cosim;

namespace {

const std::filesystem::path rtl_source = std::filesystem::path(SONIC_SOURCE_DIR) / "hw" / "rtl" / "post_processor.sv";
constexpr std::uint64_t jobs_of_each_kind = 150;

/// The job of a seed and what must come out.
struct finished_job {
  finished_job(std::uint64_t seed, unsigned lanes, digital::post_operation operation) {
    tests::random_source random(seed);
    job = tests::draw_job(random, lanes, operation);
    codes.resize(job.elements());
    digital::run_post(job, codes);
  }
  digital::post_stream job;
  std::vector<std::uint16_t> codes;
};

/// Builds it, and lets it finish jobs until something is wrong.
std::string first_difference(const std::filesystem::path& source, unsigned lanes) {
  constexpr std::array<stalls, 3> kinds{{{0, 0, 0}, {40, 40, 0}, {0, 97, 0}}};
  const auto library = build_rtl(post_processor_contract(lanes), {{source}, "test", false});
  for (std::uint64_t seed = 1; seed <= jobs_of_each_kind; ++seed) {
    for (const auto& kind : kinds) {
      for (const auto operation : tests::post_operations) {
        // A block each, since one that is wrong may stay so.
        rtl_post_processor rtl(lanes, library, {kind.inputs, kind.outputs, seed});
        const finished_job wanted(seed, lanes, operation);
        std::vector<std::uint16_t> found(wanted.codes.size());
        try {
          const auto cycles = rtl.run(wanted.job, found);
          if (found != wanted.codes) {
            return "other codes";
          }
          if (kind.outputs == 0 && cycles != digital::post_cycles(wanted.job)) {
            return "other cycles";
          }
        } catch (const core::user_error& error) {
          return error.what();
        }
      }
    }
  }
  return "";
}

void compare_random_jobs(std::initializer_list<unsigned> all_lanes) {
  for (const unsigned lanes : all_lanes) {
    const auto library = build_rtl(post_processor_contract(lanes), {});
    rtl_post_processor prompt(lanes, library), stalled(lanes, library, {30, 30, lanes});
    rtl_post_processor clogged(lanes, library, {0, 97, lanes}); // longer than a division takes
    for (const auto operation : tests::post_operations) {
      std::uint64_t elements = 0, between = 0, without = 0, with = 0, bound = 0;
      for (std::uint64_t seed = 1; seed <= jobs_of_each_kind; ++seed) {
        CAPTURE(lanes, seed, static_cast<int>(operation));
        const finished_job wanted(seed, lanes, operation);
        std::vector<std::uint16_t> found(wanted.codes.size());
        const auto cycles = prompt.run(wanted.job, found);
        REQUIRE(found == wanted.codes);
        REQUIRE(*cycles == digital::post_cycles(wanted.job));
        std::ranges::fill(found, std::uint16_t{0});
        const auto slower = stalled.run(wanted.job, found);
        REQUIRE(found == wanted.codes);
        REQUIRE(*slower >= *cycles);
        REQUIRE(*slower <= *cycles + stalled.stalled_cycles());
        std::ranges::fill(found, std::uint16_t{0});
        const auto slowest = clogged.run(wanted.job, found);
        REQUIRE(found == wanted.codes);
        REQUIRE(*slowest <= *cycles + clogged.stalled_cycles());
        elements += found.size();
        between += static_cast<std::uint64_t>(std::ranges::count_if(wanted.codes, [&](std::uint16_t code) {
          return code > wanted.job.layer.clip_low && code < wanted.job.layer.clip_high;
        }));
        without += *cycles;
        with += *slower;
        bound += *cycles + stalled.stalled_cycles();
      }
      CHECK(between * 5 > elements); // else the test says little
      WARN(lanes << " lanes, operation " << static_cast<int>(operation) << ": " << elements << " elements, " << between
                 << " of them not clipped, " << without << " cycles; " << with
                 << " with 30 % of the inputs and of the outputs stalled, bound " << bound);
    }
  }
}

/// What is changed in the RTL, and a part of what is then said.
struct bug {
  std::string from, to, found;
};

void plant(const std::vector<bug>& bugs) {
  const tests::scratch_folder folder;
  const auto text = tests::read_text(rtl_source);
  for (const auto& b : bugs) {
    const auto source = folder.write("post_processor.sv", tests::replaced(text, b.from, b.to));
    const auto found = first_difference(source, 2);
    WARN(b.from << " -> " << b.to << ": " << found);
    CHECK_THAT(found, Catch::Contains(b.found));
  }
}

} // namespace

TEST_CASE("random jobs: the RTL post_processor gives the plain one's codes, in the cycles of its closed form") {
  compare_random_jobs({1, 5});
}

TEST_CASE("random jobs of many lanes") {
  compare_random_jobs({8, 16});
}

TEST_CASE("cycles of jobs by hand") {
  const auto cycles = [](digital::post_operation operation, const std::vector<int>& beats_of_groups) {
    digital::post_stream job;
    job.operation = operation;
    for (const int beats : beats_of_groups) {
      for (int i = 0; i < beats; ++i) {
        job.beats.push_back(
            {.keep = 1, .count = 1, .first = i == 0, .last = i == beats - 1, .channel_last = i == beats - 1});
      }
    }
    return digital::post_cycles(job);
  };
  using enum digital::post_operation;
  CHECK(cycles(sums, {1}) == 8);
  CHECK(cycles(codes, {1, 1, 1}) == 10);
  CHECK(cycles(maximum, {4, 4}) == 15);
  CHECK(cycles(mean, {4}) == 1 + 4 + 33 + 6);
  CHECK(cycles(mean, {4, 4, 40}) == 1 + 4 + 33 + 40 + 33 + 6);
  CHECK(digital::post_cycles(3) == 10);
}

TEST_CASE("planted bugs of the post_processor are found: streams") {
  plant({
      {"assign out_free      = !out_valid || out_ready;", "assign out_free      = 1'b1;", "out_valid"},
      {"fold_with.last.ends  <= element_channel_last && channel_is_last;",
       "fold_with.last.ends  <= element_channel_last;", "out_last came with"},
      {"assign channel_ready = !has_channel || channel_ends;", "assign channel_ready = !has_channel;", "other cycles"},
  });
}

TEST_CASE("planted bugs of the post_processor are found: arithmetic") {
  plant({
      {"channel_offset + (64'd1 << (channel_shift - 1'b1))", "channel_offset", "other codes"},
      {"sum >>> sum_shift", "sum >> sum_shift", "other codes"},
      {"scaled + (64'sd1 << (FRACTION_BITS - 1))", "scaled", "other codes"},
      {"{{(TOTAL_BITS - 32) {a[31]}}, a}", "TOTAL_BITS'(a)", "other codes"},
      {"if (coded < low) code = slope_with.clip_low;", "", "other codes"},
  });
}

TEST_CASE("planted bugs of the post_processor are found: maxima and means") {
  plant({
      {"a[15:0] > base[15:0]", "a[15:0] >= base[14:0]", "other codes"},
      {"MEAN:    if (element_keep[l]) grown", "MEAN:    grown", "other codes"},
      {"step == 6'(QUOTIENT_BITS)", "step == 6'(QUOTIENT_BITS - 1)", "other codes"},
      {"{33'd0, folded_b[31:1]}", "64'd0", "other codes"},
      {"!division_valid || (divided && product_free)", "!division_valid || divided", "out_"},
  });
}

TEST_CASE("a post_processor of one's own that does not fit the contract is refused in one sentence") {
  const tests::scratch_folder folder;
  const auto whole = tests::read_text(rtl_source);
  const auto text = whole.substr(0, whole.find("\n);") + 3) + "\nendmodule\n"; // ports alone
  const auto message_of = [&](const std::string& from, const std::string& to) -> std::string {
    const auto source = folder.write("post_processor.sv", tests::replaced(text, from, to));
    try {
      build_rtl(post_processor_contract(5), {{source}, "chip.yaml:3:4", false});
    } catch (const core::user_error& error) {
      return error.what();
    }
    return "accepted";
  };
  const std::string port = "chip.yaml:3:4: port ";
  CHECK(message_of("input  logic [       LANES*32-1:0] element_a,", "input  logic [       LANES*16-1:0] element_a,") ==
        port + "element_a of post_processor: has 80 bits; expected an input of 160 bits (docs/rtl/post_processor.md)");
  CHECK(message_of("input  logic [     SLOPE_BITS-1:0] layer_negative_slope,",
                   "input  logic [     SLOPE_BITS-2:0] layer_negative_slope,") ==
        port + "layer_negative_slope of post_processor: has 21 bits; expected an input of 22 bits "
               "(docs/rtl/post_processor.md)");
  CHECK(message_of("output logic                       out_last ", "output logic                       out_end ") ==
        port + "out_last of post_processor: is missing; expected an output of 1 bit (docs/rtl/post_processor.md)");
  CHECK_THAT(message_of("module post_processor", "module other"),
             Catch::StartsWith("chip.yaml:3:4: Verilator refuses the sources of post_processor: %Error"));
}
