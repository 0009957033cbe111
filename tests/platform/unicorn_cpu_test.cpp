// SPDX-License-Identifier: Apache-2.0
// The processor alone, on programs of a few words.
#include "tb/platform/machine_state.h"
#include "tb/platform/unicorn_cpu.h"

#include <catch2/catch.hpp>

#include <cstring>
#include <vector>

using namespace sonic::platform;

namespace {

constexpr std::uint32_t base = 0x80000000;

struct rig : cpu_bus {
  std::vector<std::uint8_t> ram = std::vector<std::uint8_t>(0x2000);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> stores;
  bool ends_runs = false;
  std::uint64_t count_at_access = 0;
  std::unique_ptr<cpu> core = make_unicorn_cpu(base, ram, *this);

  explicit rig(const std::vector<std::uint32_t>& words) {
    std::memcpy(ram.data(), words.data(), words.size() * sizeof(std::uint32_t));
    core->set(program_counter, base);
  }
  rig(const rig&) = delete;
  rig& operator=(const rig&) = delete;
  bool load(std::uint32_t address, unsigned int bytes, std::uint32_t& value) override {
    count_at_access = core->executed();
    value = 0x11223344U >> (4 - bytes) * 8;
    if (ends_runs) {
      core->end_run();
    }
    return address < 0x20000000;
  }
  bool store(std::uint32_t address, unsigned int /*bytes*/, std::uint32_t value) override {
    stores.emplace_back(address, value);
    if (ends_runs) {
      core->end_run();
    }
    return address < 0x20000000;
  }
};

// Words of RV32.
constexpr std::uint32_t nop = 0x00000013;
constexpr std::uint32_t addi_a0_1 = 0x00150513;   // addi a0, a0, 1
constexpr std::uint32_t loop_back_4 = 0xffdff06f; // j .-4
constexpr std::uint32_t wfi = 0x10500073;
constexpr std::uint32_t ecall = 0x00000073;
constexpr std::uint32_t ebreak = 0x00100073;
constexpr std::uint32_t csrsi_mstatus_mie = 0x30046073; // csrsi mstatus, 8
constexpr std::uint32_t csrw_mtvec_t0 = 0x30529073;
constexpr std::uint32_t csrw_mie_t1 = 0x30431073;
constexpr std::uint32_t lw_a1_a2 = 0x00062583; // lw a1, 0(a2)
constexpr std::uint32_t sw_a1_a2 = 0x00b62023; // sw a1, 0(a2)
constexpr std::uint32_t lb_a1_a2 = 0x00060583; // lb a1, 0(a2)
constexpr std::uint32_t csrr_a3_mcause = 0x342026f3;
constexpr std::uint32_t csrr_a4_mepc = 0x34102773;
constexpr std::uint32_t csrr_a5_mtval = 0x343027f3;
constexpr std::uint32_t mret = 0x30200073;
constexpr unsigned int a0 = 10, a1 = 11, a2 = 12, a3 = 13, a4 = 14, a5 = 15, t0 = 5, t1 = 6;

/// The same behind an instruction that sets mtvec to base + 0x1000 (or elsewhere), where the handler reads its
/// registers and waits.
struct rig_with_handler : rig {
  explicit rig_with_handler(std::vector<std::uint32_t> words, std::uint32_t handler = base + 0x1000)
      : rig(with_first(std::move(words))) {
    const std::vector<std::uint32_t> code{csrr_a3_mcause, csrr_a4_mepc, csrr_a5_mtval, wfi};
    std::memcpy(ram.data() + 0x1000, code.data(), code.size() * sizeof(std::uint32_t));
    core->set(t0, handler);
  }
  static std::vector<std::uint32_t> with_first(std::vector<std::uint32_t> words) {
    words.insert(words.begin(), csrw_mtvec_t0);
    return words;
  }
};

} // namespace

TEST_CASE("a run has exactly as many instructions as asked for") {
  rig r({addi_a0_1, loop_back_4});
  std::uint64_t total = 0;
  for (const std::uint64_t count : {1U, 2U, 3U, 7U, 1000U, 99999U}) {
    CHECK(r.core->run(count, false) == cpu_stop::ran);
    CHECK(r.core->executed() == count);
    total += count;
    CHECK(r.core->get(a0) == (total + 1) / 2);
  }
}

TEST_CASE("what is not RAM is asked for on the bus") {
  rig r({lw_a1_a2, sw_a1_a2, lb_a1_a2, nop, nop});
  r.core->set(a2, 0x10000004);
  r.ends_runs = true;
  CHECK(r.core->run(100, false) == cpu_stop::ran);
  CHECK(r.core->executed() == 1); // the access ended the run, and counted itself
  CHECK(r.count_at_access == 1);
  CHECK(r.core->get(a1) == 0x11223344);
  CHECK(r.core->run(100, false) == cpu_stop::ran);
  CHECK(r.stores == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0x10000004, 0x11223344}});
  r.ends_runs = false;
  CHECK(r.core->run(2, false) == cpu_stop::ran);
  CHECK(r.core->get(a1) == 0x11);
}

TEST_CASE("a refused access traps, and the instruction has no effect") {
  for (const auto word : {lw_a1_a2, sw_a1_a2}) {
    rig_with_handler r({addi_a0_1, word, addi_a0_1});
    r.core->set(a2, 0x30000008);
    r.core->set(a1, 42);
    cpu_stop stop = cpu_stop::ran;
    while (stop == cpu_stop::ran) {
      stop = r.core->run(100, false);
    }
    CHECK(stop == cpu_stop::waits);
    CHECK(r.core->get(a1) == 42);
    CHECK(r.core->get(a0) == 1);
    CHECK(r.core->get(a3) == (word == lw_a1_a2 ? 5 : 7));
    CHECK(r.core->get(a4) == base + 8);
    CHECK(r.core->get(a5) == 0x30000008);
    CHECK(r.core->last_trap().at == base + 8);
  }
}

TEST_CASE("exceptions have the causes and values of the privileged architecture") {
  struct row {
    std::uint32_t word, cause, value;
  };
  for (const auto& each : {row{ecall, 11, 0}, row{ebreak, 3, base + 4}, row{0xffffffff, 2, 0xffffffff},
                           row{0xc0102573, 2, 0xc0102573} /* rdtime */}) {
    rig_with_handler r({each.word, addi_a0_1});
    cpu_stop stop = cpu_stop::ran;
    while (stop == cpu_stop::ran) {
      stop = r.core->run(100, false);
    }
    CAPTURE(each.word);
    CHECK(stop == cpu_stop::waits);
    CHECK(r.core->get(a3) == each.cause);
    CHECK(r.core->get(a4) == base + 4);
    CHECK(r.core->get(a5) == each.value);
    CHECK(r.core->get(a0) == 0);
  }
  // A jump to where there is no RAM: 0x67 is jalr zero, 0(a2) with a2 in bits 19:15.
  rig_with_handler r({0x00060067});
  r.core->set(a2, 0x4000);
  cpu_stop stop = cpu_stop::ran;
  while (stop == cpu_stop::ran) {
    stop = r.core->run(100, false);
  }
  CHECK(stop == cpu_stop::waits);
  CHECK(r.core->get(a3) == 1);
  CHECK(r.core->get(a4) == 0x4000);
}

TEST_CASE("without a handler in RAM the processor is lost, and says where") {
  rig_with_handler r({nop, ecall}, 0);
  cpu_stop stop = cpu_stop::ran;
  while (stop == cpu_stop::ran) {
    stop = r.core->run(100, false);
  }
  CHECK(stop == cpu_stop::lost);
  CHECK(r.core->last_trap().cause == 11);
  CHECK(r.core->last_trap().at == base + 8);
}

TEST_CASE("an interrupt is taken between two instructions, and as soon as it is enabled") {
  for (const std::uint32_t number : {software_interrupt, timer_interrupt, external_interrupt}) {
    rig_with_handler r({csrw_mie_t1, addi_a0_1, addi_a0_1, csrsi_mstatus_mie, addi_a0_1, addi_a0_1});
    r.core->set(t1, 1U << number);
    r.core->set_pending(1U << number); // before mie has it
    cpu_stop stop = cpu_stop::ran;
    while (stop == cpu_stop::ran) {
      stop = r.core->run(100, false);
      r.core->set_pending(1U << number);
    }
    CAPTURE(number);
    CHECK(stop == cpu_stop::waits);
    CHECK(r.core->wakes());
    CHECK(r.core->get(a0) == 2); // the instruction behind csrsi was not begun
    CHECK(r.core->get(a3) == (interrupt_cause | number));
    CHECK(r.core->get(a4) == base + 5 * 4);
    r.core->set_pending(0);
    CHECK_FALSE(r.core->wakes());
  }
}

TEST_CASE("a handler returns to the instruction that was not begun") {
  rig_with_handler r({csrw_mie_t1, csrsi_mstatus_mie, addi_a0_1, addi_a0_1, wfi});
  const std::uint32_t code = mret;
  std::memcpy(r.ram.data() + 0x1000, &code, sizeof(code));
  r.core->set(t1, 1U << timer_interrupt);
  CHECK(r.core->run(4, false) == cpu_stop::ran);
  CHECK(r.core->get(a0) == 1);
  r.core->set_pending(1U << timer_interrupt);
  CHECK(r.core->get(program_counter) == base + 0x1000);
  r.core->set_pending(0);
  CHECK(r.core->run(100, false) == cpu_stop::waits);
  CHECK(r.core->executed() == 3);
  CHECK(r.core->get(a0) == 2);
}

TEST_CASE("a breakpoint stops before its instruction, and can be stepped over") {
  rig r({addi_a0_1, addi_a0_1, addi_a0_1, loop_back_4});
  r.core->set_breakpoint(base + 4, true);
  CHECK(r.core->run(100, false) == cpu_stop::breakpoint);
  CHECK(r.core->executed() == 1);
  CHECK(r.core->get(program_counter) == base + 4);
  CHECK(r.core->run(100, false) == cpu_stop::breakpoint);
  CHECK(r.core->executed() == 0);
  CHECK(r.core->run(1, true) == cpu_stop::ran);
  CHECK(r.core->get(a0) == 2);
  r.core->set_breakpoint(base + 4, false);
  CHECK(r.core->run(100, false) == cpu_stop::ran);
}

TEST_CASE("code that was written behind the processor's back is seen once it is told") {
  rig r({addi_a0_1, loop_back_4});
  CHECK(r.core->run(1000, false) == cpu_stop::ran);
  const std::uint32_t before = r.core->get(a0);
  const std::uint32_t word = nop;
  std::memcpy(r.ram.data(), &word, sizeof(word));
  r.core->forget_code(base, 4);
  CHECK(r.core->run(1000, false) == cpu_stop::ran);
  CHECK(r.core->get(a0) == before);
}
