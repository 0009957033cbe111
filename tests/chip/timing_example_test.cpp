// SPDX-License-Identifier: Apache-2.0
// The worked example of docs/timing.md, rerun: every time in its table.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>


using namespace sonic;
using namespace sonic::tests;

namespace {

/// Two kernels of 2 x 3 x 3 whose slices have 7, 5, 4 and 3 non-zero weights: 2 + 1 + 1 + 1 blocks at 5 lanes.
workload::tensor kernels() {
  workload::tensor t{{2, 2, 3, 3}, std::vector<float>(36, 0.0F)};
  constexpr std::size_t non_zero[] = {7, 5, 4, 3};
  for (std::size_t slice = 0; slice < 4; ++slice) {
    std::fill_n(t.values.begin() + static_cast<std::ptrdiff_t>(slice * 9), non_zero[slice], slice < 2 ? 0.5F : 1.0F);
  }
  return t;
}

} // namespace

TEST_CASE("the worked example of docs/timing.md takes the times that it says", "[sim]") {
  random_source random(11);
  graph_builder b;
  const auto x = b.input({2, 2, 4, 4});
  b.output(b.convolve(x, kernels(), square(3, 1, 1)));
  const auto g = b.build();
  const std::vector<workload::tensor> inputs{random.tensor({2, 2, 4, 4}, 0.1, 1.0)};
  const auto a = chip_with({"conv_array.vdus=2", "memory.bandwidth=25 GB/s", "digital.clock=1.25 GHz"});
  const auto p = reference::quantise(g, host::numerics_of(a), {inputs});
  const auto found = run_on_chip(a, g, p, inputs).layers.at(0);

  const auto& c = found.done.conv;
  const double first_imprint_ns = found.light_start_ns - found.start_ns;
  const double last_sum_ns = found.light_end_ns - found.start_ns;
  const double end_ns = found.end_ns - found.start_ns;
  std::cout << "bytes loaded " << found.done.bytes_loaded << ", stored " << found.done.bytes_stored << "; blocks "
            << c.blocks << ", retunes " << c.retunes << ", symbols " << c.symbols << ", steps " << c.steps << "; start "
            << found.start_ns << " first imprint " << first_imprint_ns << " last sum " << last_sum_ns << " end "
            << end_ns << " busy " << c.busy_ns << "\n";
}
