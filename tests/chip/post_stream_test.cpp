// SPDX-License-Identifier: Apache-2.0
// What the chip's post_processor makes of its jobs is what the plain model makes of the same jobs laid out in beats.
#include "sonic/chip/memory/global_buffer.h"
#include "sonic/chip/memory/partial_sum_buffer.h"
#include "sonic/chip/post/post_processor.h"
#include "sonic/digital/post_stream_builder.h"
#include "sonic/plan/tiling.h"
#include "tests/chip/window_tile.h"
#include "tests/digital/random_job.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <iostream>

using namespace sonic;

namespace {

constexpr std::uint64_t parameters_at = 0, input_at = 1 << 12, second_at = 1 << 16, output_at = 1 << 17;

/// The block and what it reads and writes.
class bench : public sc_core::sc_module {
public:
  explicit bench(const sc_core::sc_module_name& name) : sc_module(name) {
    to_post.socket.bind(post.control);
    post.global.socket.bind(global.port);
    post.sums.socket.bind(sums.port);
    post.sums_read.socket.bind(sums.port);
    reader.socket.bind(global.port);
    sums_writer.socket.bind(sums.port);
  }
  chip::global_buffer global{"global", 1 << 18, {}};
  chip::partial_sum_buffer sums{"sums", 1 << 16, {}};
  chip::post_processor post{"post", {1.0, 1.0, {}}};
  transport::job_initiator<transport::post_job> to_post{"to_post"};
  transport::byte_initiator reader{"reader"}, sums_writer{"sums_writer"};
};

template <class value>
void put(transport::byte_initiator& into, std::uint64_t offset, const std::vector<value>& values) {
  const auto bytes = into.direct(offset, values.size() * sizeof(value));
  const auto* from = reinterpret_cast<const std::uint8_t*>(values.data());
  std::copy_n(from, bytes.size(), bytes.begin());
}

/// A layer, one of its tiles, and everything that it reads.
struct tile {
  regs::descriptor layer{};
  transport::post_job job;
  std::vector<regs::parameters_code16> records;
  std::vector<std::int32_t> sums;
  std::vector<std::uint16_t> a, b;
};

std::vector<std::uint16_t> any_codes(tests::random_source& random, std::uint64_t count) {
  std::vector<std::uint16_t> codes(count);
  std::ranges::generate(codes, [&] { return static_cast<std::uint16_t>(random.integer(0, 65535)); });
  return codes;
}

void draw_window(tests::random_source& random, regs::descriptor& d) {
  for (auto* extent : {&d.in_height, &d.in_width}) {
    *extent = static_cast<std::uint32_t>(random.integer(1, 12));
  }
  for (auto* each : {&d.kernel_height, &d.kernel_width}) {
    *each = static_cast<std::uint32_t>(random.integer(1, random.chance(0.1) ? 20 : 4));
  }
  for (auto* each : {&d.stride_height, &d.stride_width, &d.dilation_height, &d.dilation_width}) {
    *each = static_cast<std::uint32_t>(random.integer(1, 3));
  }
  for (auto* each : {&d.pad_top, &d.pad_left, &d.pad_bottom, &d.pad_right}) {
    *each = static_cast<std::uint32_t>(random.integer(0, 5));
  }
  d.out_height = static_cast<std::uint32_t>(random.integer(1, 6));
  d.out_width = static_cast<std::uint32_t>(random.integer(1, 12));
  d.pad_value = static_cast<std::uint32_t>(random.integer(0, 65535));
  d.flags = random.chance(0.5) ? regs::flag_count_include_pad : std::uint8_t{0};
}

tile draw_tile(tests::random_source& random, transport::post_source source) {
  using digital::post_operation;
  tile t;
  // Constants and records as those of a random job.
  const auto operation = source == transport::post_source::partial_sums   ? post_operation::sums
                         : source == transport::post_source::elementwise  ? post_operation::codes
                         : source == transport::post_source::average_pool ? post_operation::mean
                                                                          : post_operation::maximum;
  const auto drawn = tests::draw_job(random, 1, operation);
  t.records = drawn.channels;
  t.layer.negative_slope = drawn.layer.negative_slope;
  t.layer.output_zero_point = drawn.layer.output_zero_point;
  t.layer.clip_low = drawn.layer.clip_low;
  t.layer.clip_high = drawn.layer.clip_high;
  t.layer.parameter_records = t.layer.out_channels = static_cast<std::uint32_t>(t.records.size());
  t.job.source = source;
  t.job.channels = t.records.size();
  if (random.chance(0.2)) {
    t.records.resize(1); // for all channels
    t.layer.parameter_records = 1;
  }
  if (operation == post_operation::mean || operation == post_operation::maximum) {
    draw_window(random, t.layer);
    t.job.output = tests::random_tile(t.layer, random);
    t.job.input = plan::input_of(t.layer, t.job.output);
    t.job.inner = static_cast<std::uint64_t>(t.job.output.area());
    t.a = any_codes(random, t.job.channels * static_cast<std::uint64_t>(t.job.input.area()));
    return t;
  }
  t.job.inner = static_cast<std::uint64_t>(random.integer(1, 60));
  const std::uint64_t count = t.job.channels * t.job.inner;
  if (operation == post_operation::sums) {
    t.sums.resize(count);
    std::ranges::generate(t.sums, [&] {
      return static_cast<std::int32_t>(random.integer(INT32_MIN, INT32_MAX) >> random.integer(0, 31));
    });
  } else {
    t.a = any_codes(random, count);
    if (random.chance(0.6)) {
      t.b = any_codes(random, count);
      t.layer.flags = regs::flag_has_second;
    }
  }
  return t;
}

/// Windows of one channel, by their definition.
void add_windows(digital::post_stream_builder& builder, const tile& t, const std::uint16_t* cells) {
  const auto& d = t.layer;
  const auto width = t.job.output.columns();
  struct place {
    std::int64_t row, column;
  };
  const auto at = [&](std::size_t output, std::size_t step) -> place {
    const auto o = static_cast<std::int64_t>(output), s = static_cast<std::int64_t>(step);
    return {(t.job.output.row_begin + o / width) * d.stride_height - d.pad_top + s / d.kernel_width * d.dilation_height,
            (t.job.output.column_begin + o % width) * d.stride_width - d.pad_left +
                s % d.kernel_width * d.dilation_width};
  };
  const auto inside = [&](const place& p) {
    return p.row >= 0 && p.row < d.in_height && p.column >= 0 && p.column < d.in_width;
  };
  const auto padded = [&](const place& p) { // windows begin inside the padding before the image
    return p.row < std::int64_t{d.in_height} + d.pad_bottom && p.column < std::int64_t{d.in_width} + d.pad_right;
  };
  const std::size_t steps = std::size_t{d.kernel_height} * d.kernel_width;
  std::vector<std::uint64_t> padding(t.job.inner, 0), divisor(t.job.inner, 0);
  for (std::size_t o = 0; o < t.job.inner; ++o) {
    std::uint64_t cells_inside = 0, cells_padded = 0;
    for (std::size_t s = 0; s < steps; ++s) {
      cells_inside += inside(at(o, s)) ? 1U : 0U;
      cells_padded += padded(at(o, s)) ? 1U : 0U;
    }
    const bool counted = (d.flags & regs::flag_count_include_pad) != 0;
    divisor[o] = counted ? cells_padded : cells_inside;
    padding[o] = (divisor[o] - cells_inside) * d.pad_value;
  }
  builder.windows(
      t.job.inner, steps,
      [&](std::size_t output, std::size_t step) -> std::optional<std::uint16_t> {
        const auto p = at(output, step);
        if (!inside(p)) {
          return {};
        }
        return cells[(p.row - t.job.input.row_begin) * t.job.input.columns() + p.column - t.job.input.column_begin];
      },
      t.job.source == transport::post_source::average_pool ? std::span<const std::uint64_t>(padding)
                                                           : std::span<const std::uint64_t>(),
      divisor);
}

digital::post_stream stream_of(const tile& t, std::uint32_t lanes) {
  using transport::post_source, digital::post_operation;
  const auto operation = t.job.source == post_source::partial_sums   ? post_operation::sums
                         : t.job.source == post_source::elementwise  ? post_operation::codes
                         : t.job.source == post_source::average_pool ? post_operation::mean
                                                                     : post_operation::maximum;
  digital::post_stream_builder builder(lanes, operation, digital::post_constants::of(t.layer));
  for (std::uint64_t c = 0; c < t.job.channels; ++c) {
    builder.channel(t.records[t.records.size() == 1 ? 0 : c]);
    const auto part = [&](const auto& values) {
      return std::span(values).subspan(values.empty() ? 0 : c * t.job.inner, values.empty() ? 0 : t.job.inner);
    };
    if (operation == post_operation::sums) {
      builder.sums(part(t.sums));
    } else if (operation == post_operation::codes) {
      builder.codes(part(t.a), part(t.b));
    } else {
      add_windows(builder, t, t.a.data() + c * static_cast<std::uint64_t>(t.job.input.area()));
    }
  }
  return builder.job();
}

} // namespace

TEST_CASE("the chip's post_processor and the plain model of a block finish random tiles alike") {
  constexpr std::uint64_t seed = 27182;
  constexpr int trials = 600;
  bench b("bench");
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  tests::random_source random(seed);
  std::size_t compared = 0, empty = 0;
  for (int trial = 0; trial < trials; ++trial) {
    for (const auto source : {transport::post_source::partial_sums, transport::post_source::elementwise,
                              transport::post_source::max_pool, transport::post_source::average_pool}) {
      auto t = draw_tile(random, source);
      const auto lanes = static_cast<std::uint32_t>(random.integer(1, digital::most_post_lanes));
      CAPTURE(seed, trial, static_cast<int>(source), lanes);
      put(b.reader, parameters_at, t.records);
      put(b.sums_writer, 0, t.sums);
      put(b.reader, input_at, t.a);
      put(b.reader, second_at, t.b);
      t.job.layer = &t.layer;
      t.job.parameter_offset = parameters_at;
      t.job.input_offset = input_at;
      t.job.second_offset = second_at;
      t.job.output_offset = output_at;
      sc_core::sc_time taken;
      b.to_post.run(t.job, taken);
      const std::size_t count = t.job.channels * t.job.inner;
      const auto bytes = b.reader.direct(output_at, count * sizeof(std::uint16_t));
      std::vector<std::uint16_t> chip(count);
      std::memcpy(chip.data(), bytes.data(), bytes.size());

      const auto job = stream_of(t, lanes);
      REQUIRE(job.elements() == count);
      REQUIRE(job.a.size() == job.beats.size() * lanes);
      REQUIRE(job.channels.size() == t.job.channels);
      std::vector<std::uint16_t> plain(count);
      digital::run_post(job, plain);
      REQUIRE(plain == chip);
      compared += count;
      const bool folds = source == transport::post_source::max_pool || source == transport::post_source::average_pool;
      empty += static_cast<std::size_t>(std::ranges::count_if(
          job.beats, [&](const auto& beat) { return folds && beat.first && beat.last && beat.keep == 0; }));
    }
  }
  std::cout << 4 * trials << " tiles from seed " << seed << ": " << compared << " elements equal, " << empty
            << " groups of empty windows alone\n";
  CHECK(empty > 0);
  CHECK(compared > 100000);
}
