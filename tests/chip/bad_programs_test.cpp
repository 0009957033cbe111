// SPDX-License-Identifier: Apache-2.0
// Damaged programs: every one ends with status, error code, index and interrupt; nothing of the layer at fault is
// written, and the chip runs the good program right afterwards.
#include "tests/chip/program_rig.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <functional>
#include <iostream>
#include <limits>
#include <set>

using namespace sonic;
using namespace sonic::tests;
using regs::error_code;
using regs::operation;

namespace {

struct damage {
  std::string what;
  operation target; ///< first descriptor of this operation
  std::function<void(program_rig&, regs::descriptor&)> apply;
  error_code expected;
};

/// Damage to one field of the descriptor.
template <class field, class value>
damage set(const char* what, operation target, field regs::descriptor::*member, value content, error_code expected) {
  return {what, target, [=](program_rig&, regs::descriptor& d) { d.*member = static_cast<field>(content); }, expected};
}

damage panel(const char* what, operation target, const std::function<void(regs::panel&)>& change, error_code expected) {
  return {what, target,
          [=](program_rig& rig, regs::descriptor& d) {
            auto p = rig.load<regs::panel>(d.weight_address);
            change(p);
            rig.save(d.weight_address, p);
          },
          expected};
}

/// Damage to a byte of the first panel's sparse image.
damage image(const char* what, operation target, std::uint64_t offset, std::uint8_t content) {
  return {what, target,
          [=](program_rig& rig, regs::descriptor& d) {
            const auto p = rig.load<regs::panel>(d.weight_address);
            rig.save(d.weight_address + p.offset + offset, content);
          },
          error_code::bad_weights};
}

damage parameters(const char* what, operation target, const std::function<void(regs::parameters_code16&)>& change) {
  return {what, target,
          [=](program_rig& rig, regs::descriptor& d) {
            auto p = rig.load<regs::parameters_code16>(d.parameter_address);
            change(p);
            rig.save(d.parameter_address, p);
          },
          error_code::bad_parameters};
}

damage level(const char* what, float content) {
  return {what, operation::convolution,
          [=](program_rig& rig, regs::descriptor& d) { rig.save(d.codebook_address, content); },
          error_code::bad_parameters};
}

std::vector<damage> all_damages() {
  using d = regs::descriptor;
  constexpr auto conv = operation::convolution;
  constexpr auto fc = operation::fully_connected;
  constexpr auto pool = operation::max_pool;
  constexpr auto line = operation::elementwise;
  constexpr std::uint32_t most = 0xFFFFFFFF;
  constexpr std::uint64_t far = std::uint64_t{1} << 40;
  constexpr std::uint64_t last = ~std::uint64_t{0};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  return {
      set("operation 0", conv, &d::operation, 0, error_code::bad_operation),
      set("operation 7", pool, &d::operation, 7, error_code::bad_operation),
      set("element 2", fc, &d::element, 2, error_code::bad_operation),
      set("version 0", line, &d::version, 0, error_code::bad_operation),
      set("version 2", conv, &d::version, 2, error_code::bad_operation),
      set("flag 4", line, &d::flags, 4, error_code::bad_operation),
      set("float32 on quantised optics", conv, &d::element, 1, error_code::unsupported_element),
      set("no batch", conv, &d::batch, 0, error_code::bad_geometry),
      set("huge batch", conv, &d::batch, most, error_code::bad_geometry),
      set("batch beyond memory", conv, &d::batch, 1 << 20, error_code::bad_address),
      set("no channels", conv, &d::in_channels, 0, error_code::bad_geometry),
      set("no groups", conv, &d::groups, 0, error_code::bad_geometry),
      set("5 groups", conv, &d::groups, 5, error_code::bad_geometry),
      set("no window", conv, &d::kernel_height, 0, error_code::bad_geometry),
      set("window beyond the image", conv, &d::kernel_width, 1 << 20, error_code::bad_geometry),
      set("stride 0", conv, &d::stride_height, 0, error_code::bad_geometry),
      set("stride too long", conv, &d::stride_width, 100, error_code::bad_geometry),
      set("dilation 0", conv, &d::dilation_height, 0, error_code::bad_geometry),
      set("dilation too long", conv, &d::dilation_width, most, error_code::bad_geometry),
      set("huge padding", conv, &d::pad_top, most, error_code::bad_geometry),
      set("output too high", conv, &d::out_height, 1000, error_code::bad_geometry),
      set("pool channels differ", pool, &d::out_channels, 1, error_code::bad_geometry),
      set("pool windows beyond the image", pool, &d::stride_height, 1 << 20, error_code::bad_geometry),
      set("FC of height 2", fc, &d::in_height, 2, error_code::bad_geometry),
      set("walk of no height", line, &d::out_height, 0, error_code::bad_geometry),
      set("walk stride too long", line, &d::input_stride_width, most, error_code::bad_address),
      set("walk starts far away", line, &d::input_offset, far, error_code::bad_geometry),
      set("walk starts at the end of numbers", line, &d::output_offset, last, error_code::bad_geometry),
      {"repeated writes of one element", line,
       [](program_rig&, regs::descriptor& x) {
         x.batch = x.out_channels = x.out_height = 1 << 13;
         x.out_width = 1;
         x.output_stride_batch = x.output_stride_channel = x.output_stride_height = 0;
         x.input_stride_batch = x.input_stride_channel = x.input_stride_height = 0;
         x.second_stride_batch = x.second_stride_channel = x.second_stride_height = 0;
       },
       error_code::bad_geometry},
      set("input outside", conv, &d::input_address, far, error_code::bad_address),
      set("input at the end of numbers", conv, &d::input_address, last - 1, error_code::bad_address),
      set("input misaligned", conv, &d::input_address, 65, error_code::bad_address),
      set("output outside", fc, &d::output_address, far, error_code::bad_address),
      set("output misaligned", line, &d::output_address, 65, error_code::bad_address),
      set("weights outside", conv, &d::weight_address, far, error_code::bad_address),
      set("weights misaligned", fc, &d::weight_address, 12, error_code::bad_address),
      set("no panels", conv, &d::panels, 0, error_code::bad_address),
      set("4294967295 panels", conv, &d::panels, most, error_code::bad_address),
      set("one panel too many", conv, &d::panels, 2, error_code::bad_weights),
      set("codebook outside", conv, &d::codebook_address, far, error_code::bad_address),
      set("no levels", conv, &d::codebook_entries, 0, error_code::bad_parameters),
      set("too many levels", fc, &d::codebook_entries, 65, error_code::bad_parameters),
      set("fewer levels than codes", conv, &d::codebook_entries, 1, error_code::bad_weights),
      set("parameters outside", pool, &d::parameter_address, far, error_code::bad_address),
      set("parameters misaligned", pool, &d::parameter_address, 4, error_code::bad_address),
      set("no parameter records", conv, &d::parameter_records, 0, error_code::bad_parameters),
      set("other number of records", conv, &d::parameter_records, 2, error_code::bad_parameters),
      set("negative smallest code", conv, &d::clip_low, -1, error_code::bad_parameters),
      set("limits crossed", pool, &d::clip_high, -1, error_code::bad_parameters),
      set("zero point beyond codes", conv, &d::output_zero_point, 65536, error_code::bad_parameters),
      set("huge slope", line, &d::negative_slope, std::numeric_limits<std::int32_t>::min(), error_code::bad_parameters),
      set("padding beyond codes", conv, &d::pad_value, 65536, error_code::bad_parameters),
      set("full scale 0", conv, &d::adc_full_scale, 0.0F, error_code::bad_parameters),
      set("full scale NaN", conv, &d::adc_full_scale, nan, error_code::bad_parameters),
      set("full scale infinite", fc, &d::adc_full_scale, infinity, error_code::bad_parameters),
      panel(
          "panel outside", conv, [](auto& p) { p.offset = far; }, error_code::bad_address),
      panel(
          "panel at the end of numbers", conv, [](auto& p) { p.offset = last; }, error_code::bad_address),
      panel(
          "panel larger than the memory", conv, [](auto& p) { p.bytes = most; }, error_code::bad_address),
      panel(
          "panel of no bytes", conv, [](auto& p) { p.bytes = 0; }, error_code::bad_weights),
      panel(
          "panel cut", fc, [](auto& p) { p.bytes -= 4; }, error_code::bad_weights),
      panel(
          "panel of no rows", conv, [](auto& p) { p.rows = 0; }, error_code::bad_weights),
      panel(
          "panel of too many rows", conv, [](auto& p) { p.rows = most; }, error_code::bad_weights),
      panel(
          "panel of too few rows", conv, [](auto& p) { --p.rows; }, error_code::bad_weights),
      panel(
          "panel of other rows", fc, [](auto& p) { p.first_row = 1; }, error_code::bad_weights),
      panel(
          "panel of other columns", fc, [](auto& p) { p.first_column = 1; }, error_code::bad_weights),
      panel(
          "panel of no columns", fc, [](auto& p) { p.columns = 0; }, error_code::bad_weights),
      panel(
          "panel too wide", conv, [](auto& p) { p.columns = most; }, error_code::bad_weights),
      image("image signature", conv, 0, 'X'),
      image("image version", conv, 4, 9),
      image("image format", conv, 5, 7),
      image("image of floats", conv, 6, 32),
      image("image reserved", fc, 7, 1),
      image("image rows", conv, 8, 77),
      image("image columns", fc, 13, 77),
      image("image non-zeros", conv, 18, 77),
      image("image size", fc, 22, 77),
      image("image row pointers", conv, 36, 0xFF),
      parameters("shift 0", conv, [](auto& p) { p.shift = 0; }),
      parameters("shift 63", pool, [](auto& p) { p.shift = 63; }),
      parameters("ring level beyond the converter", conv, [](auto& p) { p.ring_level = 64; }),
      level("level above 1", 1.5F),
      level("level below -1", -2.0F),
      level("level NaN", nan),
  };
}

/// Loads the damaged program, notes what the layers before the damage leave, and runs it all.
void check_damage(program_rig& rig, const damage& d, std::set<error_code>& seen) {
  CAPTURE(d.what);
  const std::uint32_t index = rig.index_of(d.target);
  const auto prepare = [&] {
    rig.restore();
    auto layer = rig.descriptor(index);
    d.apply(rig, layer);
    rig.save(index * sizeof(layer), layer);
  };
  prepare();
  if (index > 0) {
    REQUIRE(rig.run(index).ended.done);
  }
  const auto expected = rig.memory();
  prepare();
  const auto found = rig.run(rig.count());
  CHECK_FALSE(found.ended.done);
  CHECK(found.ended.error_code == static_cast<std::uint32_t>(d.expected));
  CHECK(found.ended.error_index == index);
  CHECK(found.ended.descriptors_done == index);
  CHECK(found.status == regs::at::status_error);
  CHECK((rig.memory() == expected)); // in parentheses: a failure prints no bytes
  rig.restore();
  CHECK(rig.run(rig.count()).ended.done);
  CHECK((rig.memory() == rig.golden()));
  seen.insert(d.expected);
}

void damage_at_random(const std::vector<std::string>& overrides) {
  constexpr std::uint64_t seed = 20260202;
  constexpr int trials = 3000;
  program_rig rig(overrides);
  random_source random(seed);
  std::array<int, 9> ends{};
  for (int trial = 0; trial < trials; ++trial) {
    CAPTURE(seed, trial);
    rig.restore();
    const bool in_descriptors = random.chance(0.5);
    const auto span =
        static_cast<std::int64_t>(in_descriptors ? rig.count() * sizeof(regs::descriptor) : rig.image_bytes());
    for (auto changes = random.integer(1, 4); changes > 0; --changes) {
      if (random.chance(0.5)) {
        const auto at = static_cast<std::uint64_t>(random.integer(0, span - 1));
        rig.save(at, static_cast<std::uint8_t>(random.integer(0, 255)));
      } else {
        constexpr std::array<std::uint32_t, 8> words{0, 1, 2, 7, 0x1000, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000000};
        const auto at = static_cast<std::uint64_t>(random.integer(0, span / 4 - 1)) * 4;
        rig.save(at, words[static_cast<std::size_t>(random.integer(0, 7))]);
      }
    }
    const auto found = rig.run(rig.count());
    REQUIRE(found.ended.error_code < ends.size());
    REQUIRE(found.ended.done == (found.ended.error_code == 0));
    REQUIRE(found.status == (found.ended.done ? regs::at::status_done : regs::at::status_error));
    ++ends[found.ended.error_code];
  }
  rig.restore();
  CHECK(rig.run(rig.count()).ended.done);
  CHECK((rig.memory() == rig.golden()));
  std::cout << trials << " random damages from seed " << seed << ", by error code:";
  for (const int n : ends) {
    std::cout << ' ' << n;
  }
  std::cout << '\n';
}

/// Every kind of damage, and what the registers may ask for.
void damage_in_turn(const std::vector<std::string>& overrides) {
  program_rig rig(overrides);
  std::set<error_code> seen;
  const auto damages = all_damages();
  for (const auto& d : damages) {
    check_damage(rig, d, seen);
  }
  std::cout << damages.size() << " damaged programs, " << seen.size() << " error codes\n";

  { // registers
    const auto refused = [&](std::uint64_t memory_size, std::uint64_t address, std::uint32_t count, error_code code,
                             std::uint32_t index) {
      CAPTURE(memory_size, address, count);
      rig.restore();
      const auto before = rig.memory();
      const auto found = rig.run(count, memory_size, address);
      CHECK(found.ended.error_code == static_cast<std::uint32_t>(code));
      CHECK(found.ended.error_index == index);
      CHECK(found.status == regs::at::status_error);
      CHECK((rig.memory() == before));
      rig.restore();
      CHECK(rig.run(rig.count()).ended.done);
      CHECK((rig.memory() == rig.golden()));
    };
    const std::uint64_t size = rig.size();
    refused(size, 4, 1, error_code::bad_address, 0);
    refused(size, size, 1, error_code::bad_address, 0);
    refused(size, ~std::uint64_t{7}, 1, error_code::bad_address, 0);
    refused(size, 0, 0xFFFFFFFF, error_code::bad_address, 0);
    refused(0, 0, 1, error_code::bad_address, 0);
    refused(255, 0, 1, error_code::bad_address, 0);
    refused(2 * size, (size + 255) / 256 * 256, 1, error_code::bus_error, 0); // no memory there
    CHECK(rig.run(0).ended.done);                                             // nothing to do is no error
  }
  { // a memory_size larger than the memory
    const std::uint64_t claimed = std::uint64_t{1} << 32;
    const auto claim = [&](const std::function<void(regs::descriptor&)>& change, error_code code) {
      rig.restore();
      auto layer = rig.descriptor(0);
      change(layer);
      rig.save(0, layer);
      const auto found = rig.run(1, claimed);
      CHECK(found.ended.error_code == static_cast<std::uint32_t>(code));
      CHECK(found.status == regs::at::status_error);
      seen.insert(code);
    };
    claim([&](auto& d) { d.input_address = (rig.size() + 63) / 64 * 64; }, error_code::bus_error);
    claim([&](auto& d) { d.weight_address = (rig.size() + 63) / 64 * 64; }, error_code::bus_error);
    claim([&](auto& d) { d.panels = 1U << 26; }, error_code::bus_error);
    claim(
        [&](auto& d) {
          auto p = rig.load<regs::panel>(d.weight_address);
          p.bytes = 1U << 28;
          rig.save(d.weight_address, p);
        },
        error_code::too_large);
    for (std::uint32_t code = 1; code <= 8; ++code) {
      CAPTURE(code);
      CHECK(seen.count(static_cast<error_code>(code)) == 1);
    }
  }
}

} // namespace

TEST_CASE("a program damaged in one place ends with its error and changes nothing", "[sim]") {
  damage_in_turn({});
}

TEST_CASE("a program damaged in one place ends so approximately timed, too", "[sim]") {
  damage_in_turn({"run.timing=approximately_timed"});
}

TEST_CASE("a float32 program on ideal optics is checked likewise", "[sim]") {
  program_rig rig({"run.optics=ideal"});
  std::set<error_code> seen;
  using d = regs::descriptor;
  constexpr std::int32_t nan_bits = 0x7FC00000;
  const std::vector<damage> damages{
      set("code16 on ideal optics", operation::convolution, &d::element, 0, error_code::unsupported_element),
      set("limit NaN", operation::convolution, &d::clip_low, nan_bits, error_code::bad_parameters),
      set("slope NaN", operation::fully_connected, &d::negative_slope, nan_bits, error_code::bad_parameters),
      set("input misaligned", operation::max_pool, &d::input_address, 66, error_code::bad_address),
      image("image of codes", operation::convolution, 6, 6),
  };
  for (const auto& each : damages) {
    check_damage(rig, each, seen);
  }
}

TEST_CASE("random damage to a code16 program ends with done or an error", "[sim]") {
  damage_at_random({});
}

TEST_CASE("random damage to a program that runs approximately timed ends with done or an error", "[sim]") {
  damage_at_random({"run.timing=approximately_timed"});
}

TEST_CASE("random damage to a float32 program ends with done or an error", "[sim]") {
  damage_at_random({"run.optics=ideal"});
}
