// SPDX-License-Identifier: Apache-2.0
#include "tests/sparse/random_matrix.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace sonic {

namespace {

using sparse::format;

/// A codebook of so many levels; every third one is zero, as no encoder writes but a program may.
std::vector<float> codebook_of(std::size_t levels) {
  std::vector<float> codebook(levels);
  for (std::size_t i = 0; i < levels; ++i) {
    codebook[i] = i % 3 == 2 ? 0.0F : static_cast<float>(i) - 40.5F;
  }
  return codebook;
}

/// Rows with what their codes stand for, without their zeros and with them, or their refusal.
void check_levels(const tests::random_matrix& m, const sparse::matrix_image& image, std::size_t levels) {
  const auto codebook = codebook_of(levels);
  const sparse::level_table table(codebook);
  sparse::decoded_row found;
  std::vector<float> room;
  for (std::uint32_t r = 0; r < m.rows; ++r) {
    CAPTURE(r, levels);
    auto expected = m.row(r);
    const auto inside = [&](std::uint16_t code) { return code < levels; };
    const bool good = std::all_of(expected.codes.begin(), expected.codes.end(), inside);
    std::vector<float> dense(m.columns, 7.0F); // exactly as many: a value too far is found by the address sanitizer
    std::uint32_t zeros = 0;
    REQUIRE(image.decode_row(r, table, found) == good);
    REQUIRE(image.expand_row(r, table, room, dense.data(), zeros) == good);
    if (!good) {
      continue;
    }
    for (const std::uint16_t code : expected.codes) {
      expected.values.push_back(codebook[code]);
    }
    REQUIRE(found.columns == expected.columns);
    REQUIRE(found.values == expected.values);
    std::vector<float> row(m.columns, 0.0F);
    for (std::size_t i = 0; i < expected.columns.size(); ++i) {
      row[expected.columns[i]] = expected.values[i];
    }
    REQUIRE(dense == row);
    REQUIRE(zeros == std::count(row.begin(), row.end(), 0.0F));
  }
}

void check_decodes_to(const tests::random_matrix& m, std::span<const std::uint8_t> bytes) {
  const sparse::matrix_image image(bytes);
  REQUIRE(image.rows() == m.rows);
  REQUIRE(image.columns() == m.columns);
  REQUIRE(image.code_bits() == m.code_bits);
  sparse::decoded_row found;
  std::uint32_t before = 0;
  for (std::uint32_t r = 0; r < m.rows; ++r) {
    const auto expected = m.row(r);
    REQUIRE(image.row_pointer(r) == before);
    image.decode_row(r, found);
    REQUIRE(found.columns == expected.columns);
    REQUIRE(found.codes == expected.codes);
    REQUIRE(found.values == expected.values);
    before += static_cast<std::uint32_t>(expected.columns.size());
  }
  REQUIRE(image.nonzeros() == before);
  // All levels that codes can have, some of them, and few; more than 64 and fewer are looked up in different ways.
  for (const std::size_t levels :
       {std::size_t{1} << std::min(m.code_bits, 8U), std::size_t{65}, std::size_t{63}, std::size_t{3}}) {
    check_levels(m, image, levels);
  }
}

/// The bytes of a block of docs/sparse.md, without its comments.
std::vector<std::uint8_t> bytes_of_document(const std::string& heading) {
  std::ifstream document(SONIC_SOURCE_DIR "/docs/sparse.md");
  REQUIRE(document);
  std::string line;
  while (std::getline(document, line) && line != heading) {
  }
  std::vector<std::uint8_t> bytes;
  while (std::getline(document, line) && line != "```") {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string word; words >> word;) {
      bytes.push_back(static_cast<std::uint8_t>(std::stoul(word, nullptr, 16)));
    }
  }
  return bytes;
}

} // namespace

TEST_CASE("random matrices decode to what was encoded, in every format and width") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  std::uint64_t elements = 0;
  for (std::uint32_t round = 0; round < 400; ++round) {
    const std::uint32_t width = round % 9 == 8 ? sparse::float_bits : round % 9 + 1;
    const auto m = tests::draw_matrix(random, 24, 300, width);
    CAPTURE(round, m.rows, m.columns, m.code_bits);
    for (const format layout : {format::bitmask, format::csr}) {
      const auto bytes = m.encode(layout);
      check_decodes_to(m, bytes);
      REQUIRE(bytes.size() ==
              sparse::image_bytes(layout, m.rows, m.columns, sparse::matrix_image(bytes).nonzeros(), width));
    }
    elements += std::uint64_t{m.rows} * m.columns;
  }
  WARN("800 images of " << elements << " elements decoded, seed " << Catch::rngSeed());
}

TEST_CASE("CSR indices take 32 bits from 65537 columns on") {
  std::mt19937 random(Catch::rngSeed());
  for (const std::uint32_t columns : {65535U, 65536U, 65537U}) {
    CAPTURE(columns);
    tests::random_matrix m;
    m.rows = 2;
    m.columns = columns;
    m.code_bits = 6;
    m.codes.assign(std::size_t{2} * columns, -1);
    m.codes[0] = 1;
    m.codes[columns - 1] = 62;
    m.codes[columns] = 63;
    const auto bytes = m.encode(format::csr);
    CHECK(bytes.size() == 32U + 12U + (columns > 65536 ? 12U : 8U) + 4U);
    check_decodes_to(m, bytes);
    check_decodes_to(m, m.encode(format::bitmask));
  }
}

TEST_CASE("the worked example of docs/sparse.md is what the encoder writes") {
  std::vector<std::int16_t> codes(20, -1);
  codes[1] = 5;
  codes[9] = 63;
  codes[18] = 1;
  CHECK(sparse::encode(format::bitmask, 2, 10, codes, 6) == bytes_of_document("```hex bitmask"));
  CHECK(sparse::encode(format::csr, 2, 10, codes, 6) == bytes_of_document("```hex csr"));
}

TEST_CASE("what cannot be encoded is refused") {
  const std::vector<std::int16_t> codes{0, 1, 2, 64};
  CHECK_THROWS_AS(sparse::encode(format::csr, 2, 2, codes, 6), std::invalid_argument);
  CHECK_NOTHROW(sparse::encode(format::csr, 2, 2, codes, 7));
  CHECK_THROWS_AS(sparse::encode(format::csr, 2, 3, codes, 7), std::invalid_argument);
  CHECK_THROWS_AS(sparse::encode(format::csr, 0, 0, std::span<const std::int16_t>(), 7), std::invalid_argument);
  CHECK_THROWS_AS(sparse::encode(format::csr, 2, 2, codes, 0), std::invalid_argument);
  CHECK_THROWS_AS(sparse::encode(format::csr, 2, 2, codes, 9), std::invalid_argument);
  CHECK_THROWS_AS(sparse::encode(format::csr, 1, 3, std::vector<float>(4)), std::invalid_argument);
}

} // namespace sonic
