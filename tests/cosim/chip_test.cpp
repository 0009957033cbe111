// SPDX-License-Identifier: Apache-2.0
// The whole chip with RTL in the place of its decoders: the same values and the same times.
#include "sonic/core/error.h"
#include "tb/cosim/chip_twins.h"
#include "tb/host/chip_view.h"
#include "tb/reference/calibrate.h"
#include "tests/chip/chip_run.h"
#include "tests/config/scratch.h"
#include "tests/support/graph_builder.h"
#include "tests/support/in_child.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <stdexcept>

using namespace sonic;
using namespace sonic::tests;

namespace {

twins twins_of(const cosim::chip_twins& rtl) {
  return {rtl.index_decoder, rtl.accumulator, rtl.post_processor};
}

/// Values of every slot, times of every layer, and the blocks' cycles, as numbers one behind the other.
std::vector<double> run_of(std::uint64_t seed, const keys& overrides) {
  return values_in_child<double>([&] {
    const auto a = chip_with(overrides);
    const cosim::chip_twins rtl(a);
    const auto found = run_random_network(seed, a, twins_of(rtl));
    rtl.rethrow();
    std::vector<double> all;
    for (const auto& v : found.values) {
      all.insert(all.end(), v.values.begin(), v.values.end());
    }
    std::uint64_t decoded = 0, added = 0, finished = 0;
    for (const auto& l : found.layers) {
      decoded += l.done.decoder_cycles;
      added += l.done.accumulator_cycles;
      finished += l.done.post_cycles;
      all.insert(all.end(),
                 {l.start_ns, l.end_ns, l.light_start_ns, l.light_end_ns, static_cast<double>(l.done.decoder_cycles),
                  static_cast<double>(l.done.accumulator_cycles), static_cast<double>(l.done.post_cycles)});
    }
    const auto idle = [](const auto& twin, std::uint64_t cycles) {
      return twin && cycles > 0 && twin->transactions() == 0;
    };
    if (idle(rtl.index_decoder, decoded) || idle(rtl.accumulator, added) || idle(rtl.post_processor, finished)) {
      throw std::logic_error("RTL was not asked");
    }
    return all;
  });
}

const keys one_slow_decoder{"index_decoder.decoders=1", "index_decoder.lanes=2"};

} // namespace

TEST_CASE("random networks: RTL decoders change neither values nor times, in any mode of time") {
  for (std::uint64_t seed = 301; seed < 309; ++seed) {
    for (const std::string timing : {"functional", "loosely_timed", "approximately_timed"}) {
      CAPTURE(seed, timing);
      const keys with = one_slow_decoder + keys{"run.timing=" + timing};
      const auto model = run_of(seed, with);
      CHECK(run_of(seed, with + keys{"index_decoder.model=rtl"}) == model);
      CHECK(run_of(seed, with + keys{"index_decoder.model=lock_step"}) == model);
    }
  }
}

TEST_CASE("random networks: RTL accumulators change neither values nor times, in any mode of time") {
  for (std::uint64_t seed = 321; seed < 329; ++seed) {
    for (const std::string timing : {"functional", "loosely_timed", "approximately_timed"}) {
      CAPTURE(seed, timing);
      const keys with = keys{"accumulator.accumulators=" + std::to_string(1 + seed % 3),
                             "accumulator.lanes=" + std::to_string(1 + seed % 5), "run.timing=" + timing};
      const auto model = run_of(seed, with);
      CHECK(run_of(seed, with + keys{"accumulator.model=rtl"}) == model);
      CHECK(run_of(seed, with + keys{"accumulator.model=lock_step"}) == model);
    }
  }
}

TEST_CASE("random networks: RTL post-processors change neither values nor times, in any mode of time") {
  for (std::uint64_t seed = 341; seed < 349; ++seed) {
    for (const std::string timing : {"functional", "loosely_timed", "approximately_timed"}) {
      CAPTURE(seed, timing);
      const keys with = keys{"post_processor.processors=" + std::to_string(1 + seed % 3),
                             "post_processor.lanes=" + std::to_string(1 + seed % 5), "run.timing=" + timing};
      const auto model = run_of(seed, with);
      CHECK(run_of(seed, with + keys{"post_processor.model=rtl"}) == model);
      CHECK(run_of(seed, with + keys{"post_processor.model=lock_step"}) == model);
    }
  }
}

TEST_CASE("random networks: all blocks in RTL at once") {
  const keys counted{"index_decoder.decoders=2", "accumulator.accumulators=2", "post_processor.processors=2"};
  for (std::uint64_t seed = 361; seed < 365; ++seed) {
    for (const std::string timing : {"loosely_timed", "approximately_timed"}) {
      CAPTURE(seed, timing);
      const keys with = counted + keys{"run.timing=" + timing};
      CHECK(run_of(seed, with + keys{"index_decoder.model=rtl", "accumulator.model=rtl", "post_processor.model=rtl"}) ==
            run_of(seed, with));
    }
  }
}

TEST_CASE("decoders that are slower than everything else set the time of a layer") {
  // 64 activations of one output each: a row of one mask word, two cycles, for each activation.
  constexpr std::int64_t inputs = 64;
  const auto span_of = [&](const std::string& decoders) {
    return values_in_child<double>([&]() -> std::vector<double> {
      graph_builder b;
      b.output(b.multiply(b.input({1, inputs}), {{inputs, 1}, std::vector<float>(inputs, 0.5F)}));
      const std::vector<workload::tensor> input{{{1, inputs}, std::vector<float>(inputs, 1.0F)}};
      const auto a = chip_with({"digital.clock=1 MHz", "index_decoder.decoders=" + decoders});
      const auto g = b.build();
      const auto found = run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {input}), input);
      const auto& layer = found.layers.at(0);
      return {layer.light_end_ns - layer.light_start_ns, static_cast<double>(layer.done.decoder_cycles)};
    });
  };
  for (const double decoders : {1.0, 4.0}) {
    const auto found = span_of(std::to_string(static_cast<int>(decoders)));
    const double expected_ns = 1000.0 * 2.0 * std::ceil(64.0 / decoders);
    WARN(decoders << " decoders: " << found[0] << " ns, by hand " << expected_ns << ", " << found[1] << " cycles");
    CHECK(std::abs(found[0] - expected_ns) < 0.0005); // half a picosecond, the time resolution
    CHECK(found[1] == 128.0);
  }
}

// Not under the address sanitizer, which SystemC's coroutines make forget where the main stack is: an exception thrown
// after a simulation can then end in a false report of its own.
#ifndef __SANITIZE_ADDRESS__
namespace {

/// What lock step says of a block whose source has a planted bug, in a small network.
std::string lock_step_difference(const scratch_folder& folder, const std::string& block, const keys& with,
                                 const std::string& was, const std::string& is) {
  const std::string rtl_folder = SONIC_SOURCE_DIR "/hw/rtl/";
  auto sources = folder.write(block + ".sv", replaced(read_text(rtl_folder + block + ".sv"), was, is)).string();
  if (block == "accumulator") {
    sources += " " + rtl_folder + "partial_sum_buffer.sv";
  }
  const auto message = in_child([&] {
    std::filesystem::current_path(folder.path());
    constexpr std::int64_t inputs = 120, outputs = 4; // several blocks that add to one word
    graph_builder b;
    b.output(b.multiply(b.input({1, inputs}), {{inputs, outputs}, std::vector<float>(inputs * outputs, 0.5F)}));
    const std::vector<workload::tensor> input{{{1, inputs}, std::vector<float>(inputs, 1.0F)}};
    const auto a = chip_with(with + keys{block + ".model=lock_step", block + ".sources=" + sources});
    const auto g = b.build();
    const cosim::chip_twins rtl(a);
    std::string what;
    try {
      run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {input}), input, true, twins_of(rtl));
    } catch (const std::runtime_error&) { // the chip's own error, whose cause the twin has
    }
    try {
      rtl.rethrow();
    } catch (const core::mismatch& error) {
      what = error.what();
    }
    return std::vector<std::uint8_t>(what.begin(), what.end());
  });
  std::string found(message.begin(), message.end());
  WARN(found.substr(0, 200));
  CHECK(std::filesystem::file_size(folder.path() / (block + "_difference.fst")) > 100);
  return found;
}

} // namespace

TEST_CASE("lock step stops at the first row that differs, with both sides and a waveform") {
  const scratch_folder folder;
  CHECK_THAT(lock_step_difference(folder, "index_decoder", {"index_decoder.decoders=1"},
                                  "8'(codes >> (l * code_bits)) &", "(8'(codes >> (l * code_bits)) ^ 8'd1) &"),
             Catch::StartsWith(
                 "index_decoder in lock step, row 1 of the run: pair 0: RTL column 0 code 1, model column 0 code 0; "));
}

TEST_CASE("lock step stops at the first sum that differs") {
  const scratch_folder folder;
  const auto found = lock_step_difference(folder, "accumulator", {"accumulator.accumulators=1"},
                                          "around  <= word == next ? writes : '0;", "around  <= '0;");
  CHECK_THAT(found, Catch::StartsWith("accumulator in lock step, call ") && Catch::Contains("read sums 0 to 3: sum ") &&
                        Catch::Contains("calls since sums were cleared, the last ones: "));
}

TEST_CASE("lock step stops at the first code that differs") {
  const scratch_folder folder;
  const auto found =
      lock_step_difference(folder, "post_processor", {"post_processor.processors=1"},
                           "assign coded   = rounded + zero_point;", "assign coded   = rounded + zero_point - 64'sd1;");
  CHECK_THAT(found, Catch::StartsWith("post_processor in lock step, job 1 of the run, sums of ") &&
                        Catch::Contains(": RTL code ") && Catch::Contains(", model code "));
}
#endif

TEST_CASE("a chip that asks for RTL is not built without it") {
  const auto message = in_child([] {
    try {
      graph_builder b;
      b.output(b.multiply(b.input({1, 2}), {{2, 1}, {0.5F, 0.5F}}));
      const std::vector<workload::tensor> input{{{1, 2}, {1.0F, 1.0F}}};
      const auto a = chip_with({"index_decoder.decoders=1", "index_decoder.model=rtl"});
      const auto g = b.build();
      run_on_chip(a, g, reference::quantise(g, host::numerics_of(a), {input}), input);
    } catch (const core::user_error& error) {
      const std::string text = error.what();
      return std::vector<std::uint8_t>(text.begin(), text.end());
    }
    return std::vector<std::uint8_t>{};
  });
  CHECK(
      std::string(message.begin(), message.end()) ==
      "sonic: index_decoder.model asks for RTL, and the accelerator was given none; expected twins with this block, or "
      "the model transaction");
}
