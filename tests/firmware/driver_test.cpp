// SPDX-License-Identifier: Apache-2.0
#include "tests/chip/program_rig.h"

#include <catch2/catch.hpp>

#include <functional>
#include <vector>

extern "C" {
#include "driver/sonic.h"
}

using namespace sonic;
using namespace sonic::tests;

namespace {

std::uint32_t read_register(void* context, std::uint32_t offset) {
  return static_cast<host::driver*>(context)->read(offset);
}

void write_register(void* context, std::uint32_t offset, std::uint32_t value) {
  static_cast<host::driver*>(context)->write(offset, value);
}

void wait_a_little(void* /*context*/) {
  sc_core::wait({100.0, sc_core::SC_NS});
}

constexpr sonic_io by_polling{read_register, write_register, wait_a_little};

sonic_program whole(program_rig& rig) {
  return {0, rig.size(), 0, rig.count()};
}

/// Registers without a chip.
struct fake_chip {
  std::vector<std::uint32_t> words = std::vector<std::uint32_t>(SONIC_BANK_SIZE / 4);
  unsigned int writes = 0;
};

constexpr sonic_io to_fake{
    [](void* context, std::uint32_t offset) { return static_cast<fake_chip*>(context)->words[offset / 4]; },
    [](void* context, std::uint32_t offset, std::uint32_t value) {
      auto& chip = *static_cast<fake_chip*>(context);
      chip.words[offset / 4] = value;
      ++chip.writes;
    },
    nullptr};

} // namespace

TEST_CASE("the driver finds the chip, runs a program, and reads its counters") {
  program_rig rig({});
  bool done = false;
  rig.restore();
  rig.bench().with_host([&](host::driver& host) {
    sonic_device device{};
    sonic_capabilities chip{};
    CHECK(sonic_probe(&device, &by_polling, &host, &chip) == SONIC_OK);
    CHECK(chip.conv_vdus == 50);
    CHECK(chip.conv_lanes == 5);
    CHECK(chip.fc_vdus == 10);
    CHECK(chip.fc_lanes == 50);
    CHECK(chip.takes_code16);
    CHECK_FALSE(chip.takes_float32);
    const auto program = whole(rig);
    sonic_outcome outcome{99, 99};
    CHECK(sonic_run(&device, &program, &outcome) == SONIC_OK);
    CHECK(outcome.error_code == 0);
    CHECK(outcome.error_index == 0);
    sonic_counters counters{};
    sonic_read_counters(&device, &counters);
    CHECK(counters.descriptors_done == rig.count());
    CHECK(counters.time_ns > 0);
    CHECK(counters.symbols > 0);
    CHECK(counters.retunes > 0);
    done = true;
  });
  CHECK(done);
  CHECK((rig.memory() == rig.golden()));
}

TEST_CASE("interrupts come when they are enabled, say which, and are gone when acknowledged") {
  program_rig rig({});
  bool done = false;
  rig.restore();
  rig.bench().with_host([&](host::driver& host) {
    sonic_device device{};
    REQUIRE(sonic_probe(&device, &by_polling, &host, nullptr) == SONIC_OK);
    sonic_acknowledge(&device);
    sonic_enable_interrupts(&device, false);
    auto program = whole(rig);
    CHECK(sonic_run(&device, &program, nullptr) == SONIC_OK);
    sc_core::wait({1.0, sc_core::SC_NS});
    CHECK_FALSE(host.irq.read());
    sonic_enable_interrupts(&device, true);
    sc_core::wait({1.0, sc_core::SC_NS});
    CHECK(host.irq.read());
    CHECK(sonic_acknowledge(&device) == SONIC_IRQ_STATUS_DONE);
    sc_core::wait({1.0, sc_core::SC_NS});
    CHECK_FALSE(host.irq.read());
    program.descriptor_address = 4; // no multiple of 8
    CHECK(sonic_submit(&device, &program) == SONIC_OK);
    sc_core::wait(host.irq.posedge_event());
    CHECK(sonic_acknowledge(&device) == SONIC_IRQ_STATUS_ERROR);
    done = true;
  });
  CHECK(done);
}

TEST_CASE("a busy chip refuses programs, and a reset makes it ready") {
  program_rig rig({});
  bool done = false;
  rig.restore();
  rig.bench().with_host([&](host::driver& host) {
    sonic_device device{};
    REQUIRE(sonic_probe(&device, &by_polling, &host, nullptr) == SONIC_OK);
    const auto program = whole(rig);
    CHECK(sonic_submit(&device, &program) == SONIC_OK);
    CHECK(sonic_busy(&device));
    CHECK(sonic_submit(&device, &program) == SONIC_BUSY);
    CHECK(sonic_wait(&device, 1, nullptr) == SONIC_TIMED_OUT);
    CHECK(sonic_wait(&device, 3, nullptr) == SONIC_TIMED_OUT);
    sonic_reset(&device);
    CHECK_FALSE(sonic_busy(&device));
    rig.restore();
    CHECK(sonic_run(&device, &program, nullptr) == SONIC_OK);
    done = true;
  });
  CHECK(done);
  CHECK((rig.memory() == rig.golden()));
}

TEST_CASE("an error's code and index come back, and the next program runs") {
  program_rig rig({});
  bool done = false;
  rig.restore();
  auto layer = rig.descriptor(1);
  const auto good = layer;
  layer.operation = 99;
  rig.save(sizeof(layer), layer);
  rig.bench().with_host([&](host::driver& host) {
    sonic_device device{};
    REQUIRE(sonic_probe(&device, &by_polling, &host, nullptr) == SONIC_OK);
    const auto program = whole(rig);
    sonic_outcome outcome{};
    CHECK(sonic_run(&device, &program, &outcome) == SONIC_ERROR_BAD_OPERATION);
    CHECK(outcome.error_code == SONIC_ERROR_BAD_OPERATION);
    CHECK(outcome.error_index == 1);
    sonic_counters counters{};
    sonic_read_counters(&device, &counters);
    CHECK(counters.descriptors_done == 1);
    rig.restore();
    rig.save(sizeof(good), good);
    CHECK(sonic_run(&device, &program, &outcome) == SONIC_OK);
    done = true;
  });
  CHECK(done);
  CHECK((rig.memory() == rig.golden()));
}

TEST_CASE("what is not this chip is not driven") {
  fake_chip chip;
  sonic_device device{};
  CHECK(sonic_probe(&device, &to_fake, &chip, nullptr) == SONIC_NO_DEVICE);
  chip.words[SONIC_ID / 4] = SONIC_ID_AT_RESET;
  chip.words[SONIC_VERSION / 4] = 2U << 16U;
  CHECK(sonic_probe(&device, &to_fake, &chip, nullptr) == SONIC_WRONG_VERSION);
  chip.words[SONIC_VERSION / 4] = 1U << 16U | 7U; // a later minor version
  CHECK(sonic_probe(&device, &to_fake, &chip, nullptr) == SONIC_OK);
  CHECK(chip.writes == 0);
}

TEST_CASE("wide numbers reach both halves of their registers") {
  fake_chip chip;
  sonic_device device{&to_fake, &chip};
  const sonic_program program{0x1122334455667788, 0x99aabbccddeeff00, 0x0102030405060708, 42};
  CHECK(sonic_submit(&device, &program) == SONIC_OK);
  const auto word = [&](std::uint32_t offset) { return chip.words[offset / 4]; };
  CHECK(word(SONIC_MEMORY_BASE_LOW) == 0x55667788);
  CHECK(word(SONIC_MEMORY_BASE_HIGH) == 0x11223344);
  CHECK(word(SONIC_MEMORY_SIZE_LOW) == 0xddeeff00);
  CHECK(word(SONIC_MEMORY_SIZE_HIGH) == 0x99aabbcc);
  CHECK(word(SONIC_DESCRIPTOR_ADDRESS_LOW) == 0x05060708);
  CHECK(word(SONIC_DESCRIPTOR_ADDRESS_HIGH) == 0x01020304);
  CHECK(word(SONIC_DESCRIPTOR_COUNT) == 42);
  CHECK(word(SONIC_CONTROL) == SONIC_CONTROL_START);
  chip.words[SONIC_TIME_NS_LOW / 4] = 1;
  chip.words[SONIC_TIME_NS_HIGH / 4] = 2;
  sonic_counters counters{};
  sonic_read_counters(&device, &counters);
  CHECK(counters.time_ns == (std::uint64_t{2} << 32U | 1U));
}

TEST_CASE("error codes have the names of the register map") {
  CHECK(std::string(sonic_error_name(SONIC_ERROR_NONE)) == "none");
  CHECK(std::string(sonic_error_name(SONIC_ERROR_BUS_ERROR)) == "bus_error");
  CHECK(std::string(sonic_error_name(SONIC_ERROR_BLOCK_FAILED + 1)) == "unknown");
  CHECK(std::string(sonic_error_name(-1)) == "unknown");
}

TEST_CASE("the C records lie in memory as the C++ ones") {
  CHECK(sizeof(sonic_descriptor) == sizeof(regs::descriptor));
  CHECK(sizeof(sonic_panel) == sizeof(regs::panel));
  CHECK(sizeof(sonic_parameters_code16) == sizeof(regs::parameters_code16));
  CHECK(offsetof(sonic_descriptor, output_stride_width) == offsetof(regs::descriptor, output_stride_width));
  CHECK(offsetof(sonic_descriptor, adc_full_scale) == offsetof(regs::descriptor, adc_full_scale));
}
