// SPDX-License-Identifier: Apache-2.0
// Weight rows wait in the order in which they were added, across panels, whatever is dropped and wherever there is
// room.
#include "sonic/chip/decode/weight_rows.h"
#include "sonic/sparse/matrix_image.h"
#include "tests/support/graph_builder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
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

struct waiting_row {
  float activation;
  std::vector<float> values;
};

void make(panel& p, std::uint32_t columns, tests::random_source& random) {
  p.job.layer = &p.layer;
  p.job.panel.rows = static_cast<std::uint32_t>(random.integer(1, 12));
  p.job.panel.columns = columns;
  p.job.codebook = {0.5F, -0.25F, random.chance(0.5) ? 0.0F : 1.0F};
  p.codes.resize(std::size_t{p.job.panel.rows} * columns);
  const std::int64_t largest = random.chance(0.1) ? 3 : 2; // 3 is outside the codebook
  for (auto& code : p.codes) {
    code = static_cast<std::int16_t>(random.integer(-1, largest));
  }
  p.bytes = sparse::encode(random.chance(0.5) ? sparse::format::bitmask : sparse::format::csr, p.job.panel.rows,
                           columns, p.codes, 2);
  p.job.panel.bytes = static_cast<std::uint32_t>(p.bytes.size());
}

/// Row @p index; none if a code is outside the codebook.
std::vector<float> row_of(const panel& p, std::uint32_t index) {
  std::vector<float> row;
  const auto columns = p.job.panel.columns;
  for (std::uint32_t c = 0; c < columns; ++c) {
    const auto code = p.codes[std::size_t{index} * columns + c];
    if (code > 2) {
      return {};
    }
    row.push_back(code < 0 ? 0.0F : p.job.codebook[static_cast<std::size_t>(code)]);
  }
  return row;
}

void check_waiting(const chip::weight_rows& rows, const std::deque<waiting_row>& expected) {
  REQUIRE(rows.waiting() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    const auto& [activation, values] = expected[i];
    const std::uint32_t slot = rows.slots()[i];
    REQUIRE(rows.activations()[i] == activation);
    REQUIRE(std::equal(values.begin(), values.end(), rows.values() + rows.offsets()[slot]));
    REQUIRE(rows.zeros()[slot] == std::count(values.begin(), values.end(), 0.0F));
  }
}

} // namespace

TEST_CASE("weight rows wait in order, with the weights of their panel") {
  constexpr std::uint64_t seed = 2718;
  constexpr int trials = 1500;
  tests::random_source random(seed);
  chip::row_decoders decoders;
  chip::weight_rows rows(decoders);
  std::deque<waiting_row> expected;
  std::vector<panel> layer; // its panels, of which some stay the same from one image to the next
  int refused = 0;
  std::size_t compared = 0;
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    const bool other = layer.empty() || random.chance(0.3);
    const auto columns = other ? static_cast<std::uint32_t>(random.integer(1, 70)) : layer.front().job.panel.columns;
    const auto number = other ? static_cast<std::uint32_t>(random.integer(0, 3)) : layer.front().layer.layer;
    const bool large = other ? random.chance(0.3) : layer.front().layer.in_channels > 1000;
    if (other) {
      layer.assign(static_cast<std::size_t>(random.integer(1, 4)), {});
    }
    std::uint32_t first_row = 0;
    for (auto& p : layer) {
      if (other || random.chance(0.2)) {
        make(p, columns, random);
      }
      p.job.layer = &p.layer;
      p.job.panel.first_row = first_row;
      first_row += p.job.panel.rows;
    }
    expected.clear();
    for (auto& p : layer) {
      p.layer.layer = number;
      p.layer.in_channels = large ? 1U << 20U : first_row; // too many to be remembered
      if (&p == &layer.front()) {
        rows.restart(p.job);
      }
      if (random.chance(0.1)) {
        auto damaged = p.bytes;
        damaged[static_cast<std::size_t>(random.integer(0, 3))] ^= 1U;
        REQUIRE(rows.open(p.job, damaged) == regs::error_code::bad_weights);
      }
      REQUIRE(rows.open(p.job, p.bytes) == regs::error_code::none);
      const auto count = static_cast<std::size_t>(random.integer(0, p.job.panel.rows));
      rows.make_room(count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto index = static_cast<std::uint32_t>(random.integer(0, p.job.panel.rows - 1));
        const auto activation = static_cast<float>(random.integer(1, 65535));
        auto row = row_of(p, index);
        REQUIRE(rows.add(index, activation) == !row.empty());
        if (row.empty()) {
          ++refused;
        } else {
          expected.push_back({activation, std::move(row)});
        }
      }
      check_waiting(rows, expected);
      compared += expected.size();
      const auto dropped = random.integer(0, static_cast<std::int64_t>(expected.size()));
      rows.drop(static_cast<std::size_t>(dropped));
      expected.erase(expected.begin(), expected.begin() + dropped);
      check_waiting(rows, expected);
    }
  }
  std::cout << trials << " layers from seed " << seed << ": " << compared << " rows compared, " << refused
            << " refused\n";
  CHECK(refused > 0);
}
