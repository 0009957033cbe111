/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What needs no accelerator: text, traps, the timer. It runs on the platform and on QEMU's `virt` alike:
 *   qemu-system-riscv32 -M virt -bios none -nographic -kernel hello.elf
 */
#include "platform/machine.h"
#include "platform/trap.h"

#include <inttypes.h>
#include <stdio.h>

enum { ILLEGAL = 2, BREAKPOINT = 3, CALL = 11, TICKS = 3, MICROSECONDS = 100 };

static volatile uint32_t seen_cause;
static volatile uint32_t ticks;

static uint32_t note_and_skip(uint32_t mcause, uint32_t mepc, uint32_t mtval) {
  (void)mtval;
  seen_cause = mcause;
  const uint16_t first = *(const volatile uint16_t*)mepc;
  return mepc + ((first & 3u) == 3u ? 4u : 2u);
}

static void tick(void* context) {
  (void)context;
  ++ticks;
  timer_set(ticks < TICKS ? timer_now() + MACHINE_TIMER_HZ / 1000000 * MICROSECONDS : UINT64_MAX);
}

static int expect(const char* what, uint32_t found, uint32_t wanted) {
  printf("%-20s %s\n", what, found == wanted ? "ok" : "WRONG");
  if (found != wanted) {
    printf("  %" PRIu32 " in the place of %" PRIu32 "\n", found, wanted);
  }
  return found == wanted ? 0 : 1;
}

int main(void) {
  int wrong = 0;
  puts("hello from RISC-V");
  set_exception_handler(note_and_skip);
  __asm__ volatile("ecall" ::: "memory");
  wrong += expect("environment call", seen_cause, CALL);
  __asm__ volatile("ebreak" ::: "memory");
  wrong += expect("breakpoint", seen_cause, BREAKPOINT);
  __asm__ volatile(".word 0xffffffff" ::: "memory");
  wrong += expect("illegal instruction", seen_cause, ILLEGAL);
  set_exception_handler(0);

  set_timer_handler(tick, 0);
  const uint64_t begin = timer_now();
  timer_set(begin + MACHINE_TIMER_HZ / 1000000 * MICROSECONDS);
  while (ticks < TICKS) {
    enable_interrupts(false);
    if (ticks < TICKS) {
      wait_for_interrupt();
    }
    enable_interrupts(true);
  }
  const uint64_t passed = timer_now() - begin;
  wrong += expect("timer interrupts", ticks, TICKS);
  wrong += expect("time passed", passed >= TICKS * MICROSECONDS * (MACHINE_TIMER_HZ / 1000000), 1);
  puts(wrong == 0 ? "PASSED" : "FAILED");
  return wrong;
}
