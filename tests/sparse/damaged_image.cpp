// SPDX-License-Identifier: Apache-2.0
// Images of which bytes are wrong: each fault is named, and no bytes at all lead outside the image.
#include "tests/sparse/random_matrix.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>

namespace sonic {

namespace {

using sparse::format;
using sparse::image_fault;
using bytes = std::vector<std::uint8_t>;

/// 3 x 10 with 4 non-zeros: columns 0 1 | 9 | 4.
bytes sample(format layout) {
  std::vector<std::int16_t> codes(30, -1);
  codes[0] = 1;
  codes[1] = 2;
  codes[19] = 3;
  codes[24] = 4;
  return sparse::encode(layout, 3, 10, codes, 3);
}

void put(bytes& image, std::size_t at, std::uint32_t word) {
  std::memcpy(image.data() + at, &word, sizeof(word));
}

void check_fault(const bytes& image, image_fault expected) {
  try {
    const sparse::matrix_image accepted(image);
    FAIL_CHECK("a damaged image was accepted");
  } catch (const sparse::image_error& error) {
    INFO(error.what());
    CHECK(error.fault() == expected);
  }
}

// Offsets in the header, and of the sections in both samples.
constexpr std::size_t at_rows = 8, at_columns = 12, at_nonzeros = 16, at_total = 20, at_pointers = 32, at_index = 48;
constexpr std::size_t bitmask_codes = 56, csr_codes = 56;

} // namespace

TEST_CASE("each fault of an image has its name") {
  struct damage {
    image_fault fault;
    format layout;
    std::size_t at;
    std::uint8_t value;
  };
  const damage cases[] = {
      {image_fault::signature, format::csr, 0, 'X'},
      {image_fault::signature, format::csr, 4, 2},
      {image_fault::layout, format::csr, 5, 0},
      {image_fault::layout, format::csr, 5, 3},
      {image_fault::code_width, format::csr, 6, 0},
      {image_fault::code_width, format::csr, 6, 9},
      {image_fault::code_width, format::csr, 6, 16},
      {image_fault::padding, format::csr, 7, 1},
      {image_fault::padding, format::csr, 24, 1},
      {image_fault::padding, format::csr, 31, 1},
      {image_fault::shape, format::csr, at_rows, 0},
      {image_fault::shape, format::csr, at_columns, 0},
      {image_fault::size, format::csr, at_rows, 4},
      {image_fault::size, format::csr, at_rows + 3, 255},
      {image_fault::size, format::csr, at_nonzeros + 3, 255},
      {image_fault::size, format::bitmask, at_columns + 3, 255},
      {image_fault::size, format::bitmask, at_total, 0},
      {image_fault::row_pointers, format::csr, at_pointers, 1},
      {image_fault::row_pointers, format::csr, at_pointers + 4, 4},
      {image_fault::row_pointers, format::csr, at_pointers + 8, 255},
      {image_fault::row_pointers, format::csr, at_pointers + 12, 5},
      {image_fault::columns, format::csr, at_index, 1},      // 1 1
      {image_fault::columns, format::csr, at_index, 2},      // 2 1
      {image_fault::columns, format::csr, at_index + 4, 10}, // outside
      {image_fault::columns, format::csr, at_index + 5, 1},
      {image_fault::columns, format::bitmask, at_index + 1, 0x04},
      {image_fault::count, format::bitmask, at_index, 0x01},
      {image_fault::count, format::bitmask, at_index, 0x07},
      {image_fault::count, format::bitmask, at_pointers + 4, 1},
      {image_fault::padding, format::bitmask, at_index + 7, 1},
      {image_fault::padding, format::bitmask, bitmask_codes + 1, 0x18},
      {image_fault::padding, format::csr, csr_codes + 2, 1},
  };
  for (const auto& damage : cases) {
    CAPTURE(damage.at, int{damage.value});
    bytes image = sample(damage.layout);
    REQUIRE_NOTHROW(sparse::matrix_image(image));
    REQUIRE(image[damage.at] != damage.value);
    image[damage.at] = damage.value;
    check_fault(image, damage.fault);
  }
}

TEST_CASE("an image that is cut or continued is refused at every length") {
  for (const format layout : {format::bitmask, format::csr}) {
    const bytes whole = sample(layout);
    for (std::size_t length = 0; length <= whole.size() + 4; ++length) {
      CAPTURE(length);
      bytes part = whole;
      part.resize(length);
      if (length != whole.size()) {
        check_fault(part, length < sparse::header_bytes ? image_fault::truncated : image_fault::size);
      }
      if (length >= sparse::header_bytes && length != whole.size()) {
        put(part, at_total, static_cast<std::uint32_t>(length));
        check_fault(part, image_fault::size);
      }
    }
  }
}

TEST_CASE("no bytes lead outside an image") {
  std::mt19937 random(Catch::rngSeed());
  INFO("replay with --rng-seed " << Catch::rngSeed());
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  std::size_t accepted = 0, refused = 0;
  const std::vector<float> codebook(64, 1.0F);
  const sparse::level_table table(codebook);
  for (std::uint32_t round = 0; round < 40000; ++round) {
    CAPTURE(round);
    const std::uint32_t width = round % 9 == 8 ? sparse::float_bits : round % 9 + 1;
    bytes image = tests::draw_matrix(random, 6, 40, width).encode(below(2) == 0 ? format::bitmask : format::csr);
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      image[below(2) == 0 ? below(image.size()) : below(std::min<std::size_t>(image.size(), 64))] =
          static_cast<std::uint8_t>(below(3) == 0 ? 255 : below(256));
    }
    if (below(8) == 0) {
      image.resize(below(image.size() + 8));
    }
    image.shrink_to_fit(); // a byte too far is then found by the address sanitizer
    try {
      const sparse::matrix_image checked(image);
      ++accepted;
      sparse::decoded_row row;
      std::vector<float> room;
      std::size_t nonzeros = 0;
      for (std::uint32_t r = 0; r < checked.rows(); ++r) {
        checked.decode_row(r, row);
        std::vector<float> dense(std::min<std::uint32_t>(checked.columns(), 1000));
        std::uint32_t zeros = 0;
        if (dense.size() == checked.columns() && checked.expand_row(r, table, room, dense.data(), zeros)) {
          REQUIRE(zeros >= dense.size() - row.columns.size());
        }
        REQUIRE(std::adjacent_find(row.columns.begin(), row.columns.end(), std::greater_equal<>()) ==
                row.columns.end());
        REQUIRE((row.columns.empty() || row.columns.back() < checked.columns()));
        REQUIRE(row.codes.size() + row.values.size() == row.columns.size());
        nonzeros += row.columns.size();
      }
      REQUIRE(nonzeros == checked.nonzeros());
    } catch (const sparse::image_error&) {
      ++refused;
    }
  }
  WARN(accepted << " damaged images were still images, " << refused << " were refused; seed " << Catch::rngSeed());
  CHECK(accepted > 1000);
  CHECK(refused > 1000);
}

} // namespace sonic
