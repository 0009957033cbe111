// SPDX-License-Identifier: Apache-2.0
// Damaged programs: every one ends with status, error code, index and interrupt; nothing of the layer at fault is
// written, and the chip runs the good program right afterwards.
#include "tests/chip/program_damage.h"

#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <iostream>
#include <set>
#include <string>
#include <vector>

using namespace sonic;
using namespace sonic::tests;
using regs::error_code;
using regs::operation;

namespace {

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
  { // padding that the memory would have no room for is read by no window, and no error
    for (const auto kind : {operation::convolution, operation::max_pool}) {
      rig.restore();
      const std::uint32_t index = rig.index_of(kind);
      auto layer = rig.descriptor(index);
      layer.pad_top = layer.pad_left = layer.pad_bottom = layer.pad_right = 1U << 28U;
      rig.save(index * sizeof(layer), layer);
      CHECK(rig.run(rig.count()).ended.done);
    }
    rig.restore();
    CHECK(rig.run(rig.count()).ended.done);
    CHECK((rig.memory() == rig.golden()));
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
