// SPDX-License-Identifier: Apache-2.0
#include "tb/host/memory.h"
#include "tb/platform/bus.h"
#include "tb/platform/initiator_number.h"
#include "tests/platform/device_bench.h"

#include <catch2/catch.hpp>

#include <array>
#include <random>

using sonic::host::memory;
using sonic::platform::bus;
using sonic::platform::initiator_number;
using sonic::tests::device_bench;

TEST_CASE("the bus reaches each target at its addresses, for blocking, debug and DMI accesses") {
  constexpr std::array<std::uint64_t, 3> bases{0x1000, 0x80000000, 0x9000};
  constexpr std::array<std::uint64_t, 3> sizes{0x100, 0x4000, 0x10};
  bus wires("bus");
  device_bench first("first"), second("second");
  std::vector<std::unique_ptr<memory>> memories;
  first.port.bind(wires.initiators);
  second.port.bind(wires.initiators);
  for (std::size_t i = 0; i < bases.size(); ++i) {
    memories.push_back(std::make_unique<memory>(("memory" + std::to_string(i)).c_str(), sizes[i],
                                                memory::behaviour{std::nullopt, i == 1}));
    wires.map(memories[i]->port, bases[i], sizes[i]);
  }
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  unsigned int answered = 0, refused = 0;
  first.script = [&] {
    for (int step = 0; step < 20000; ++step) {
      const auto i = random() % bases.size();
      const unsigned int bytes = 1U << random() % 4;
      const std::uint64_t offset = random() % (sizes[i] + 16) - 8;
      const std::uint64_t address = bases[i] + offset;
      const bool inside = offset < sizes[i] && bytes <= sizes[i] - offset;
      const std::uint64_t sent = random();
      auto& who = step % 2 == 0 ? first : second;
      const bool written = who.write(address, sent, bytes);
      REQUIRE(written == inside);
      (inside ? answered : refused) += 1;
      if (inside) {
        const std::uint64_t mask = bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * bytes) - 1;
        std::uint64_t held = 0;
        std::memcpy(&held, memories[i]->bytes().data() + offset, bytes);
        REQUIRE(held == (sent & mask));
        REQUIRE(who.read(address, bytes) == (sent & mask));
        // Debug accesses, and the address is the initiator's again afterwards.
        std::uint64_t seen = 0;
        ::tlm::tlm_generic_payload payload;
        payload.set_read();
        payload.set_address(address);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&seen));
        payload.set_data_length(bytes);
        REQUIRE(who.port->transport_dbg(payload) == bytes);
        REQUIRE(payload.get_address() == address);
        REQUIRE(seen == (sent & mask));
      }
    }
    ::tlm::tlm_generic_payload payload;
    ::tlm::tlm_dmi dmi;
    payload.set_read();
    payload.set_address(0x80000010);
    REQUIRE(first.port->get_direct_mem_ptr(payload, dmi));
    CHECK(dmi.get_start_address() == 0x80000000);
    CHECK(dmi.get_end_address() == 0x80003fff);
    CHECK(dmi.get_dmi_ptr() == memories[1]->bytes().data());
    payload.set_address(0x1000);
    CHECK_FALSE(first.port->get_direct_mem_ptr(payload, dmi));
    payload.set_address(0x5000);
    CHECK_FALSE(first.port->get_direct_mem_ptr(payload, dmi));
    CHECK(first.port->transport_dbg(payload) == 0);
  };
  second.script = [] {};
  sc_core::sc_start();
  CHECK(answered > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("channels of a memory do not wait for one another, and the bus tells which one asks") {
  sonic::host::dram_timing::parameters figures{100000, 30000, 40.0, 4, 1000};
  memory::behaviour how{figures, false};
  std::vector<int> askers;
  how.channels = 2;
  how.channel_of = [&](const ::tlm::tlm_generic_payload& payload) {
    const auto* who = payload.get_extension<initiator_number>();
    REQUIRE(who != nullptr);
    askers.push_back(who->number);
    return static_cast<std::size_t>(who->number);
  };
  memory ram("ram", 0x10000, how);
  bus wires("bus");
  device_bench first("first"), second("second");
  first.port.bind(wires.initiators);
  second.port.bind(wires.initiators);
  wires.map(ram.port, 0, 0x10000);
  const auto time_of = [](device_bench& who) {
    std::array<unsigned char, 4000> data{};
    ::tlm::tlm_generic_payload payload;
    payload.set_read();
    payload.set_address(0);
    payload.set_data_ptr(data.data());
    payload.set_data_length(data.size());
    payload.set_streaming_width(data.size());
    sc_core::sc_time delay;
    who.port->b_transport(payload, delay);
    CHECK(payload.is_response_ok());
    return delay / sc_core::sc_time(1, sc_core::SC_PS);
  };
  constexpr double alone = 130000 + 4000 * 40; // closed form of dram_timing
  first.script = [&] {
    CHECK(time_of(first) == alone);
    CHECK(time_of(second) == alone);
    CHECK(time_of(first) > alone); // behind its own
  };
  second.script = [] {};
  sc_core::sc_start();
  CHECK(askers == std::vector<int>{0, 1, 0});
}
