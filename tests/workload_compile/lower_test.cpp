// SPDX-License-Identifier: Apache-2.0
#include "sonic_regs/regs.h"
#include "tb/workload/weight_panels.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include <catch2/catch.hpp>

using namespace sonic::workload;
namespace regs = sonic::regs;

TEST_CASE("the reserved bytes of a panel's entry are zero", "[lower]") {
  weight_matrix weights{40, 30, std::vector<std::int16_t>(1200, 0), {0.5F}, {}};
  layout_limits limits;
  limits.weight_panel_bytes = 512;
  limits.activation_bytes = limits.partial_sum_bytes = 4096;
  const auto set = make_panels(weights, step_kind::convolution, element_kind::code16, 6, limits, "x");
  REQUIRE(set.count > 1);
  for (std::size_t i = 0; i < set.count; ++i) {
    regs::panel entry{};
    std::memcpy(&entry, set.bytes.data() + i * sizeof(entry), sizeof(entry));
    CHECK(std::all_of(std::begin(entry.reserved_0), std::end(entry.reserved_0), [](auto byte) { return byte == 0; }));
  }
}
