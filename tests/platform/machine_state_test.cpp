// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/machine_state.h"

#include <catch2/catch.hpp>

using namespace sonic::platform;

TEST_CASE("an interrupt is taken if it is pending, enabled, and interrupts are on") {
  machine_state state;
  for (const bool on : {false, true}) {
    for (const std::uint32_t number : {software_interrupt, timer_interrupt, external_interrupt}) {
      for (const std::uint32_t enabled : {0U, 1U << number}) {
        for (const std::uint32_t pending : {0U, 1U << number}) {
          state.mstatus = on ? mstatus_mie : 0;
          state.mie = enabled;
          const bool taken = on && enabled != 0 && pending != 0;
          CHECK(interrupt_to_take(state, pending) == (taken ? std::optional(number) : std::nullopt));
        }
      }
    }
  }
}

TEST_CASE("of several interrupts the external one goes first, then software, then the timer") {
  machine_state state;
  state.mstatus = mstatus_mie;
  state.mie = ~0U;
  CHECK(interrupt_to_take(state, 1U << 3 | 1U << 7 | 1U << 11) == external_interrupt);
  CHECK(interrupt_to_take(state, 1U << 3 | 1U << 7) == software_interrupt);
  CHECK(interrupt_to_take(state, 1U << 7) == timer_interrupt);
  state.mie = 1U << 7;
  CHECK(interrupt_to_take(state, 1U << 3 | 1U << 7 | 1U << 11) == timer_interrupt);
}

TEST_CASE("a trap saves where it was and turns interrupts off") {
  for (const bool on : {false, true}) {
    machine_state state;
    state.mstatus = (on ? mstatus_mie : 0) | (on ? 0 : mstatus_mpie) | 1U << 13; // bit 13 is not the trap's
    state.mtvec = 0x80000100;
    CHECK(enter_trap(state, 5, 0x80001234, 0x1000) == 0x80000100);
    CHECK(state.mepc == 0x80001234);
    CHECK(state.mcause == 5);
    CHECK(state.mtval == 0x1000);
    CHECK(state.mstatus == (mstatus_mpp | (on ? mstatus_mpie : 0) | 1U << 13));
  }
}

TEST_CASE("in vectored mode interrupts have entries of their own, exceptions have not") {
  machine_state state;
  state.mtvec = 0x80000101;
  CHECK(enter_trap(state, interrupt_cause | timer_interrupt, 0, 0) == 0x80000100 + 4 * 7);
  CHECK(enter_trap(state, interrupt_cause | external_interrupt, 0, 0) == 0x80000100 + 4 * 11);
  CHECK(enter_trap(state, 2, 0, 0) == 0x80000100);
}
