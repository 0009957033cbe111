// SPDX-License-Identifier: Apache-2.0
// The RTL index_decoder against the plain decoder: values, order and cycles, with and without stalls; and what is found
// when RTL is wrong.
#include "sonic/core/error.h"
#include "sonic/sparse/row_decoder.h"
#include "tb/cosim/build_rtl.h"
#include "tb/cosim/rtl_row_decoder.h"
#include "tests/config/scratch.h"
#include "tests/sparse/random_matrix.h"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace sonic;
using namespace sonic::cosim;
using sonic::tests::random_matrix;

namespace {

const std::filesystem::path rtl_folder = std::filesystem::path(SONIC_SOURCE_DIR) / "hw" / "rtl";

random_matrix matrix_of(std::uint32_t seed) {
  std::mt19937 random(seed);
  return tests::draw_matrix(random, 6, 300, 1 + random() % 8);
}

/// What is told of each row: what the decoder gave, what it should have given, and its cycles.
template <class visitor>
void each_row(const random_matrix& m, sparse::format layout, rtl_row_decoder& rtl, visitor&& visit) {
  const auto bytes = m.encode(layout);
  const sparse::matrix_image image(bytes);
  sparse::decoded_row wanted, found;
  for (std::uint32_t r = 0; r < m.rows; ++r) {
    image.decode_row(r, wanted);
    const auto row = image.packed(r);
    const auto cycles = rtl.decode(row, found);
    visit(row, wanted, found, *cycles);
  }
}

constexpr auto layouts = {sparse::format::bitmask, sparse::format::csr};

/// Builds it, and lets it decode until something is wrong.
std::string first_difference(const std::filesystem::path& source, unsigned lanes, bool closed_form) {
  const auto library = build_rtl(index_decoder_contract(lanes), {{source}, "test", false});
  std::string difference;
  for (std::uint32_t seed = 1; seed <= 200 && difference.empty(); ++seed) {
    for (const unsigned percent : {0U, 40U}) {
      // A decoder each, since one that is wrong may stay so.
      rtl_row_decoder rtl(lanes, library, {percent, percent, seed});
      for (const auto layout : layouts) {
        if (!difference.empty()) {
          return difference;
        }
        try {
          each_row(matrix_of(seed), layout, rtl,
                   [&](const auto& row, const auto& wanted, const auto& found, auto cycles) {
                     if (found.columns != wanted.columns || found.codes != wanted.codes) {
                       difference = "other pairs";
                     } else if (closed_form && percent == 0 && cycles != sparse::decoder_cycles(row, lanes)) {
                       difference = "other cycles";
                     }
                   });
        } catch (const core::user_error& error) {
          difference = error.what();
        }
      }
    }
  }
  return difference;
}

} // namespace

TEST_CASE("random rows: the RTL gives the pairs of the plain decoder, in the cycles of its closed form") {
  for (const unsigned lanes : {1U, 5U, 8U}) {
    const auto library = build_rtl(index_decoder_contract(lanes), {});
    rtl_row_decoder prompt(lanes, library), stalled(lanes, library, {40, 30, lanes});
    std::uint64_t rows = 0, cycles_without = 0, cycles_with = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
      for (const auto layout : layouts) {
        CAPTURE(lanes, seed, layout == sparse::format::csr);
        each_row(matrix_of(seed), layout, prompt,
                 [&](const auto& row, const auto& wanted, const auto& found, auto cycles) {
                   REQUIRE(found.columns == wanted.columns);
                   REQUIRE(found.codes == wanted.codes);
                   REQUIRE(cycles == sparse::decoder_cycles(row, lanes));
                   cycles_without += cycles;
                   ++rows;
                 });
        each_row(matrix_of(seed), layout, stalled,
                 [&](const auto& row, const auto& wanted, const auto& found, auto cycles) {
                   REQUIRE(found.columns == wanted.columns);
                   REQUIRE(found.codes == wanted.codes);
                   REQUIRE(cycles >= sparse::decoder_cycles(row, lanes));
                   REQUIRE(cycles <= sparse::decoder_cycles(row, lanes) + stalled.stalled_cycles());
                   cycles_with += cycles;
                 });
      }
    }
    WARN(lanes << " lanes: " << rows << " rows, " << cycles_without << " cycles, " << cycles_with
               << " with 40 % of the inputs and 30 % of the outputs stalled");
  }
}

TEST_CASE("columns of 32 bits") {
  random_matrix m;
  m.rows = 3;
  m.columns = 70000;
  m.code_bits = 5;
  m.codes.assign(std::size_t{m.rows} * m.columns, -1);
  std::mt19937 random(7);
  for (int i = 0; i < 40; ++i) {
    m.codes[random() % m.codes.size()] = static_cast<std::int16_t>(random() % 32);
  }
  m.codes.back() = 31; // column 69,999
  const unsigned lanes = 5;
  rtl_row_decoder rtl(lanes, build_rtl(index_decoder_contract(lanes), {}));
  each_row(m, sparse::format::csr, rtl, [&](const auto& row, const auto& wanted, const auto& found, auto cycles) {
    CHECK(row.wide);
    CHECK(found.columns == wanted.columns);
    CHECK(found.codes == wanted.codes);
    CHECK(cycles == 1 + (row.nonzeros + 1) / 2);
  });
}

TEST_CASE("cycles of rows by hand") {
  const auto cycles = [](sparse::format layout, const std::vector<std::int16_t>& codes, std::uint32_t lanes) {
    const auto bytes = sparse::encode(layout, 1, static_cast<std::uint32_t>(codes.size()), codes, 6);
    return sparse::decoder_cycles(sparse::matrix_image(bytes).packed(0), lanes);
  };
  std::vector<std::int16_t> row(130, -1); // three words of mask
  CHECK(cycles(sparse::format::bitmask, row, 8) == 1 + 3);
  CHECK(cycles(sparse::format::csr, row, 8) == 1);
  std::fill_n(row.begin(), 9, std::int16_t{1}); // nine pairs in the first word
  CHECK(cycles(sparse::format::bitmask, row, 8) == 1 + 2 + 1 + 1);
  CHECK(cycles(sparse::format::bitmask, row, 1) == 1 + 9 + 1 + 1);
  CHECK(cycles(sparse::format::csr, row, 8) == 1 + 3);         // 4 + 4 + 1 columns
  CHECK(cycles(sparse::format::csr, row, 3) == 1 + 2 + 2 + 1); // 3 + 1, 3 + 1, 1
}

TEST_CASE("a decoder of another microarchitecture gives the same pairs in its own time") {
  CHECK(first_difference(rtl_folder / "examples" / "serial" / "index_decoder.sv", 5, false).empty());
}

TEST_CASE("planted bugs are found") {
  struct bug {
    std::string from, to, found;
  };
  const std::vector<bug> bugs{
      {"assign out_free  = !out_valid || out_ready;", "assign out_free  = 1'b1;", "fell before out_ready was high"},
      {"base       <= base + 32'd64;", "base       <= base + 32'd63;", "has column"},
      {"held  <= 8'd64 - 8'(first_bit);", "held  <= 8'd64;", "other pairs"},
      {"assign row_ends  = exhausted && (is_empty || word_last);", "assign row_ends  = exhausted;",
       "out_last came with"},
      {"if (below[i] >= 7'(LANES)) rest[i] = word[i];", "if (below[i] > 7'(LANES)) rest[i] = word[i];",
       "out_last came with"},
      {"columns[l*32+:32] | (base + 32'(i));", "columns[l*32+:32] | (base + 32'h1000000 + 32'(i));", "has column"},
      {"assign exhausted = found <= 7'(LANES);", "assign exhausted = found < 7'(LANES);", "other cycles"},
  };
  const tests::scratch_folder folder;
  const auto text = tests::read_text(rtl_folder / "index_decoder.sv");
  for (const auto& b : bugs) {
    const auto source = folder.write("index_decoder.sv", tests::replaced(text, b.from, b.to));
    const auto found = first_difference(source, 2, true);
    WARN(b.to << ": " << found);
    CHECK(found.find(b.found) != std::string::npos);
  }
}

TEST_CASE("without Verilator, one sentence says what to install") {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  CHECK_THROWS_WITH(build_rtl(index_decoder_contract(5), {{}, "index_decoder.model", false}),
                    "index_decoder.model: RTL in the place of a block needs Verilator, which is not installed; install "
                    "Debian's package verilator, or say index_decoder.model: transaction");
  ::setenv("PATH", path.c_str(), 1);
}

TEST_CASE("RTL that does not fit the contract is refused in one sentence") {
  const tests::scratch_folder folder;
  const auto whole = tests::read_text(rtl_folder / "examples" / "serial" / "index_decoder.sv");
  const auto text = whole.substr(0, whole.find(");") + 2) + "\nendmodule\n"; // ports alone
  const auto message_of = [&](const std::string& from, const std::string& to) -> std::string {
    const auto source = folder.write("index_decoder.sv", from.empty() ? to : tests::replaced(text, from, to));
    try {
      build_rtl(index_decoder_contract(5), {{source}, "chip.yaml:3:4", false});
    } catch (const core::user_error& error) {
      return error.what();
    }
    return "accepted";
  };
  const std::string port = "chip.yaml:3:4: port ";
  CHECK(message_of("    input  logic                  row_wide,\n", "") ==
        port + "row_wide of index_decoder: is missing; expected an input of 1 bit (docs/rtl/index_decoder.md)");
  CHECK(message_of("input  logic [63:0]           value_data", "input  logic [31:0]           value_data") ==
        port + "value_data of index_decoder: has 32 bits; expected an input of 64 bits (docs/rtl/index_decoder.md)");
  CHECK(message_of("output logic                  index_ready", "input  logic                  index_ready") ==
        port + "index_ready of index_decoder: is an input; expected an output of 1 bit (docs/rtl/index_decoder.md)");
  CHECK(message_of("output logic                  out_last",
                   "output logic                  out_last,\n output logic extra") ==
        port + "extra of index_decoder: is not in the contract; expected the contract's ports alone "
               "(docs/rtl/index_decoder.md)");
  CHECK_THAT(message_of("", "module other(input logic clk); endmodule\n"),
             Catch::StartsWith("chip.yaml:3:4: Verilator refuses the sources of index_decoder: %Error"));
  CHECK_THAT(message_of("endmodule", "endmodul"), Catch::Contains("syntax error"));
}
