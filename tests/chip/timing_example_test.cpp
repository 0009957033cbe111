// SPDX-License-Identifier: Apache-2.0
// The worked example of docs/timing.md, rerun: every time in its table.
#include "tests/chip/chip_run.h"
#include "tests/support/graph_builder.h"

#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"

#include <catch2/catch.hpp>
#include <systemc>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

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

void check_example(const std::string& timing) {
  random_source random(11);
  graph_builder b;
  const auto x = b.input({2, 2, 4, 4});
  b.output(b.convolve(x, kernels(), square(3, 1, 1)));
  const auto g = b.build();
  const std::vector<workload::tensor> inputs{random.tensor({2, 2, 4, 4}, 0.1, 1.0)};
  const auto a = chip_with({"conv_array.vdus=2", "memory.bandwidth=25 GB/s", "memory.row_miss=0 ns",
                            "digital.clock=1.25 GHz", "run.timing=" + timing});
  const auto p = reference::quantise(g, host::numerics_of(a), {inputs});
  const auto found = run_on_chip(a, g, p, inputs).layers.at(0);

  const auto& c = found.done.conv;
  CHECK(found.done.bytes_loaded == 300); // directory 32, codebook 8, inputs 2 x 64, records 64, weights 68
  CHECK(found.done.bytes_stored == 128);
  CHECK(c.blocks == 12); // 5 per frame, and the middle one in two pieces
  CHECK(c.retunes == 12);
  CHECK(c.symbols == 160);
  CHECK(c.steps == 80);

  // Times of the document's table, from the program's start, in ns.
  const double descriptor = 100.0 + 256 * 0.04;
  const double directory = descriptor + 100.0 + 32 * 0.04;
  const double codebook = directory + 100.0 + 8 * 0.04;
  const double input = codebook + 100.0 + 64 * 0.04;
  const double records = input + 100.0 + 64 * 0.04;
  const double weights = records + 100.0 + 68 * 0.04;
  const double ready = weights + 1.56 + 0.867; // through the global buffer and the operand buffer
  const double share = 3 * 20.0 + 40 * 14.0;
  const double last_sum = ready + 2 * share + 0.4058;
  const double finished = last_sum + 0.867 + 16 * 0.05;
  const double end = finished + 1.56 + 100.0 + 64 * 0.04;
  std::ifstream file(SONIC_SOURCE_DIR "/docs/timing.md");
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  const std::pair<const char*, double> ends[] = {
      {"110.24", descriptor},  {"211.52", directory},   {"311.84", codebook}, {"414.40", input},
      {"516.96", records},     {"619.68", weights},     {"622.107", ready},   {"1242.5128", last_sum - share},
      {"1862.5128", last_sum}, {"1864.1798", finished}, {"1968.2998", end}};
  for (const auto& [text, value] : ends) {
    INFO("end of a row of the table: " << text);
    CHECK(std::stod(text) == Approx(value).epsilon(1e-12));
    CHECK(document.find("| " + std::string(text) + " | ") != std::string::npos);
  }

  constexpr double rounding = 0.002; // times are whole picoseconds
  CHECK(found.start_ns == 0.0);
  constexpr double calibration = 4000.0;
  CHECK(sc_core::sc_time_stamp().to_seconds() * 1e9 == Approx(calibration + end).margin(rounding));
  CHECK(found.light_start_ns - found.start_ns == Approx(ready).margin(rounding));
  CHECK(found.light_end_ns - found.start_ns == Approx(last_sum).margin(rounding));
  CHECK(found.end_ns - found.start_ns == Approx(end).margin(rounding));
  CHECK(c.busy_ns == Approx(4 * (share + 0.4058)).margin(4 * rounding));

  // The causes of the document's second table.
  const auto& t = found.done.time;
  const std::pair<const char*, std::uint64_t> causes[] = {{"| convert | 1120.406 |", t.convert_ps},
                                                          {"| retune | 120 |", t.retune_ps},
                                                          {"| post-processing | 1.667 |", t.post_processing_ps},
                                                          {"| memory | 726.227 |", t.dma_ps}};
  for (const auto& [row, ps] : causes) {
    INFO(row);
    CHECK(document.find(row) != std::string::npos);
    const std::string text(row);
    const auto figure = text.substr(text.rfind("| ", text.size() - 3) + 2);
    CHECK(static_cast<double>(ps) / 1e3 == Approx(std::stod(figure)).margin(rounding));
  }
  CHECK(t.operand_supply_ps + t.partial_sums_ps + t.idle_ps == 0);
  CHECK(static_cast<double>(t.total_ps()) / 1e3 == Approx(end).margin(rounding));
}

} // namespace

TEST_CASE("the worked example of docs/timing.md takes the times that it says", "[sim]") {
  check_example("loosely_timed");
}

TEST_CASE("the worked example takes the same times approximately timed", "[sim]") {
  check_example("approximately_timed");
}
