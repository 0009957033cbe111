// SPDX-License-Identifier: Apache-2.0
// Everything legal at `cfg`, at random, while programs run and fail and resets come: every response and every byte is
// the model's, no rule of the base protocol is broken, and nothing hangs.
#include "sonic/accelerator.h"
#include "sonic/config/load.h"
#include "sonic/protocol/checker.h"
#include "tests/integration/register_adversary.h"
#include "tests/integration/rough_memory.h"
#include "tests/integration/seed.h"
#include "tests/integration/small_program.h"
#include "tests/integration/thread.h"

#include <catch2/catch.hpp>

#include <iostream>

using namespace sonic;
using namespace sonic::tests;

namespace at = regs::at;

namespace {

void start(register_adversary& from, const small_program& program) {
  from.write(at::memory_base_low, 0);
  from.write(at::memory_base_high, 0);
  from.write(at::memory_size_low, static_cast<std::uint32_t>(program.size()));
  from.write(at::memory_size_high, 0);
  from.write(at::descriptor_address_low, 0);
  from.write(at::descriptor_address_high, 0);
  from.write(at::descriptor_count, program.descriptors);
  from.write(at::irq_enable, at::irq_status_done | at::irq_status_error);
  from.write(at::control, at::control_start);
}

void attack(const std::string& timing, std::uint64_t seed, int actions) {
  const auto chosen = config::load_architecture(SONIC_SOURCE_DIR "/configs/small.yaml", {"run.timing=" + timing});
  const small_program program(chosen, seed);
  random_source random(seed);
  accelerator chip("sonic", chosen);
  rough_memory memory("memory", 0, program.size(), seed + 1);
  register_adversary from("from", seed + 2);
  protocol::checker<> cfg_checker("cfg_checker"), mem_checker("mem_checker");
  sc_core::sc_signal<bool> irq("irq"), reset("reset");
  from.out.bind(cfg_checker.target_socket);
  cfg_checker.initiator_socket.bind(chip.cfg);
  chip.mem.bind(mem_checker.target_socket);
  mem_checker.initiator_socket.bind(memory.port);
  chip.irq.bind(irq);
  chip.reset.bind(reset);
  bool finished = false;
  int programs = 0;
  thread conductor("conductor", [&] {
    const auto pull_reset = [&] {
      from.settle();
      reset.write(true);
      sc_core::wait(sc_core::SC_ZERO_TIME);
      sc_core::wait(sc_core::SC_ZERO_TIME);
      from.reset_by_pin();
      reset.write(false);
      sc_core::wait(sc_core::SC_ZERO_TIME); // else the next edge would be none
    };
    memory.now = {0.02, true, true};
    memory.fill(program.before);
    for (int i = 0; i < actions && from.differences().size() < 5; ++i) {
      if (random.chance(0.002)) {
        pull_reset();
      } else if (random.chance(0.004)) {
        start(from, program);
        ++programs;
      } else {
        from.act();
      }
    }
    from.drain();
    pull_reset();
    sc_core::wait({1.0, sc_core::SC_MS});
    memory.now = {};
    memory.fill(program.before);
    start(from, program);
    if (!irq.read()) {
      sc_core::wait({100.0, sc_core::SC_MS}, irq.posedge_event());
    }
    CHECK(irq.read());
    CHECK((memory.content() == program.after));
    finished = true;
    sc_core::sc_stop();
  });
  // Simulated time for every action, and much more: who hangs is found at its end.
  sc_core::sc_start({100.0 * actions, sc_core::SC_US});
  std::cout << timing << ", seed " << seed << ": " << from.actions() << " actions, " << programs << " good programs, "
            << from.most_under_way() << " transactions under way at most, until " << sc_core::sc_time_stamp() << '\n';
  for (const auto& [kind, count] : from.counts()) {
    std::cout << "  " << count << " " << kind << '\n';
  }
  for (const auto& difference : from.differences()) {
    UNSCOPED_INFO(difference);
  }
  CHECK(from.differences().empty());
  CHECK(finished);
  CHECK(from.payloads_outstanding() == 0);
  CHECK(from.most_under_way() > 4);
  CHECK(cfg_checker.observed().violations() == 0);
  CHECK(cfg_checker.observed().in_flight() == 0);
  CHECK(mem_checker.observed().violations() == 0);
}

} // namespace

TEST_CASE("everything legal at the registers, functional", "[sim]") {
  attack("functional", seed_from(20261123), 100000);
}

TEST_CASE("everything legal at the registers, loosely timed", "[sim]") {
  attack("loosely_timed", seed_from(20261124), 300000);
}

TEST_CASE("everything legal at the registers, approximately timed", "[sim]") {
  attack("approximately_timed", seed_from(20261125), 300000);
}
