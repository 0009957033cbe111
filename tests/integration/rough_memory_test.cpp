// SPDX-License-Identifier: Apache-2.0
// Whatever the memory behind `mem` does: results are right or the program ends with an error, no byte is written that
// the program does not mean, a reset ends what is under way, and the chip works on.
#include "sonic/accelerator.h"
#include "sonic/config/load.h"
#include "sonic/protocol/checker.h"
#include "sonic_regs/regs.h"
#include "tb/host/driver.h"
#include "tests/integration/rough_memory.h"
#include "tests/integration/seed.h"
#include "tests/integration/small_program.h"

#include <catch2/catch.hpp>

#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace at = regs::at;

namespace {

constexpr std::uint64_t base = 0x1'2000'0000; // beyond 32 bits

struct rough_bench {
  rough_bench(const config::architecture& chosen, std::uint64_t seed)
      : program(chosen, seed), random(seed), chip("sonic", chosen), memory("memory", base, program.size(), seed + 1),
        host("host") {
    host.cfg.bind(cfg_checker.target_socket);
    cfg_checker.initiator_socket.bind(chip.cfg);
    chip.mem.bind(mem_checker.target_socket);
    mem_checker.initiator_socket.bind(memory.port);
    chip.irq.bind(irq);
    host.irq.bind(irq);
    chip.reset.bind(reset);
  }

  void start() {
    host.write(at::memory_base_low, static_cast<std::uint32_t>(base));
    host.write(at::memory_base_high, static_cast<std::uint32_t>(base >> 32U));
    host.write(at::memory_size_low, static_cast<std::uint32_t>(program.size()));
    host.write(at::memory_size_high, 0);
    host.write(at::descriptor_address_low, 0);
    host.write(at::descriptor_address_high, 0);
    host.write(at::descriptor_count, program.descriptors);
    host.write(at::irq_enable, at::irq_status_done | at::irq_status_error);
    host.write(at::control, at::control_start);
  }

  /// Waits for the interrupt, but not for ever. @returns whether it came
  bool ended() {
    const auto limit = sc_core::sc_time_stamp() + sc_core::sc_time(100.0, sc_core::SC_MS);
    while (!irq.read() && sc_core::sc_time_stamp() < limit) {
      sc_core::wait(limit - sc_core::sc_time_stamp(), irq.posedge_event());
    }
    return irq.read();
  }

  void acknowledge() {
    host.write(at::irq_status, at::irq_status_done | at::irq_status_error);
    sc_core::wait(irq.negedge_event());
  }

  small_program program;
  random_source random;
  accelerator chip;
  rough_memory memory;
  host::driver host;
  protocol::checker<> cfg_checker{"cfg_checker"}, mem_checker{"mem_checker"};
  sc_core::sc_signal<bool> irq{"irq"}, reset{"reset"};
};

/// What the rounds came to.
struct tally {
  int done = 0, failed = 0, abandoned = 0, in_between = 0, hung = 0; ///< in_between: of the abandoned ones
};

void round_without_errors(rough_bench& b, tally& total) {
  b.memory.fill(b.program.before);
  b.start();
  if (!b.ended()) {
    ++total.hung;
    return;
  }
  CHECK(b.host.read(at::status) == at::status_done);
  CHECK((b.memory.content() == b.program.after));
  b.acknowledge();
  ++total.done;
}

/// What is written during a program changes nothing of it.
void round_with_writes(rough_bench& b, tally& total) {
  b.memory.fill(b.program.before);
  b.start();
  for (auto writes = b.random.integer(1, 20); writes > 0 && !b.irq.read(); --writes) {
    sc_core::wait({b.random.real(0.0, 2000.0), sc_core::SC_NS});
    const auto offset = static_cast<std::uint32_t>(at::memory_base_low + 4 * b.random.integer(0, 6));
    b.host.write(offset, static_cast<std::uint32_t>(b.random.integer(0, 1000)));
  }
  if (!b.ended()) {
    ++total.hung;
    return;
  }
  CHECK(b.host.read(at::status) == at::status_done);
  CHECK(b.host.read(at::descriptors_done) == b.program.descriptors);
  CHECK((b.memory.content() == b.program.after));
  b.acknowledge();
  ++total.done;
}

void round_with_errors(rough_bench& b, tally& total) {
  b.memory.fill(b.program.before);
  const auto errors_before = b.memory.errors();
  b.start();
  if (!b.ended()) {
    ++total.hung;
    return;
  }
  const bool any = b.memory.errors() != errors_before;
  CHECK(b.host.read(at::status) == (any ? at::status_error : at::status_done));
  CHECK(b.host.read(at::error_code) == (any ? static_cast<std::uint32_t>(regs::error_code::bus_error) : 0));
  CHECK(first_foreign_byte(b.program, b.memory.content()) == -1);
  CHECK((any || b.memory.content() == b.program.after));
  b.acknowledge();
  ++(any ? total.failed : total.done);
}

void round_with_reset(rough_bench& b, tally& total, double longest_ns) {
  b.memory.fill(b.program.before);
  b.start();
  sc_core::wait({b.random.real(0.0, b.random.chance(0.5) ? longest_ns : longest_ns / 10.0), sc_core::SC_NS});
  total.in_between += b.host.read(at::status) == at::status_busy ? 1 : 0;
  if (b.random.chance(0.5)) {
    b.reset.write(true);
    sc_core::wait(sc_core::SC_ZERO_TIME);
    sc_core::wait(sc_core::SC_ZERO_TIME);
    b.reset.write(false);
  } else {
    b.host.write(at::control, at::control_reset);
  }
  sc_core::wait(sc_core::SC_ZERO_TIME);
  if (b.irq.read()) { // of a program that had ended
    sc_core::wait({1.0, sc_core::SC_NS}, b.irq.negedge_event());
  }
  const auto asked = b.mem_checker.observed().transactions();
  CHECK(b.host.read(at::status) == 0);
  CHECK(b.host.read(at::memory_base_high) == 0);
  if (b.random.chance(0.5)) { // else the next program comes at once
    sc_core::wait({10.0 * longest_ns, sc_core::SC_NS});
    CHECK(b.mem_checker.observed().transactions() == asked); // nothing further is asked for
    CHECK(b.memory.in_flight() == 0);
    CHECK_FALSE(b.irq.read());
  }
  CHECK(first_foreign_byte(b.program, b.memory.content()) == -1);
  ++total.abandoned;
}

void run_rounds(const std::string& timing, bool waits, bool grants_dmi) {
  const auto seed = seed_from(20261122);
  constexpr int rounds = 600;
  const auto chosen = config::load_architecture(SONIC_SOURCE_DIR "/configs/small.yaml",
                                                {"run.timing=" + timing, "dma.transaction=64 B", "dma.outstanding=4"});
  rough_bench b(chosen, seed);
  tally total;
  bool finished = false;
  b.host.script = [&] {
    for (int i = 0; i < rounds && total.hung == 0; ++i) {
      CAPTURE(seed, i, timing, waits, grants_dmi);
      b.memory.now = {0.0, waits, grants_dmi};
      const auto kind = b.random.integer(0, 3);
      if (kind == 1) {
        b.memory.now.errors = b.random.chance(0.5) ? 0.01 : 0.1;
        round_with_errors(b, total);
      } else if (kind == 2) {
        round_with_reset(b, total, 30000.0);
      } else if (kind == 3) {
        round_with_writes(b, total);
      }
      b.memory.now.errors = 0.0;
      round_without_errors(b, total); // the chip works on
    }
    finished = true;
    sc_core::sc_stop();
  };
  sc_core::sc_start();
  std::cout << timing << (waits ? ", waiting" : "") << (grants_dmi ? ", DMI" : "") << ", seed " << seed << ": "
            << total.done << " programs done, " << total.failed << " failed, " << total.abandoned << " reset, "
            << total.in_between << " of these before their end; ";
  for (const auto& [kind, count] : b.memory.counts()) {
    std::cout << count << " " << kind << ", ";
  }
  std::cout << b.mem_checker.observed().transactions() << " transactions\n";
  CHECK(finished);
  CHECK(total.hung == 0);
  CHECK(total.failed > rounds / 20);
  CHECK(total.in_between > rounds / 25);
  CHECK(b.memory.written_after_leaving() == 0);
  CHECK(b.mem_checker.observed().violations() == 0);
  CHECK(b.mem_checker.observed().in_flight() == 0);
  CHECK(b.cfg_checker.observed().violations() == 0);
}

} // namespace

TEST_CASE("a rough memory that annotates time", "[sim]") {
  run_rounds("loosely_timed", false, false);
}

TEST_CASE("a rough memory that annotates time and grants DMI", "[sim]") {
  run_rounds("loosely_timed", false, true);
}

TEST_CASE("a rough memory that waits", "[sim]") {
  run_rounds("loosely_timed", true, false);
}

TEST_CASE("a rough memory that waits, grants DMI and takes it back", "[sim]") {
  run_rounds("loosely_timed", true, true);
}

TEST_CASE("a rough memory under functional timing", "[sim]") {
  run_rounds("functional", true, true);
}

TEST_CASE("a rough memory that answers by every path of nb_transport", "[sim]") {
  run_rounds("approximately_timed", false, false);
}
