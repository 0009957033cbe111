/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/trap.h"

#include "platform/machine.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

enum {
  INTERRUPTS = 64,
  CONTROLLER_ENABLE = 0x2000,
  CONTROLLER_CLAIM = 0x200004,
  TIMER_COMPARE = 0x4000,
  TIMER_NOW = 0xbff8,
  MSTATUS_MIE = 1 << 3,
  TIMER_CAUSE = 7,
  EXTERNAL_CAUSE = 11,
  UNHANDLED = 100,
};
#define INTERRUPT_BIT 0x80000000u

static exception_handler on_exception;
static struct {
  interrupt_handler call;
  void* context;
} on_interrupt[INTERRUPTS], on_timer;

static volatile uint32_t* word(uint32_t base, uint32_t offset) {
  return (volatile uint32_t*)(uintptr_t)(base + offset);
}

void set_exception_handler(exception_handler handler) {
  on_exception = handler;
}

void set_interrupt_handler(unsigned int number, interrupt_handler handler, void* context) {
  on_interrupt[number].call = handler;
  on_interrupt[number].context = context;
  *word(MACHINE_INTERRUPT_CONTROLLER, 4 * number) = 1;
  *word(MACHINE_INTERRUPT_CONTROLLER, CONTROLLER_ENABLE + number / 32 * 4) |= 1u << number % 32;
  *word(MACHINE_INTERRUPT_CONTROLLER, CONTROLLER_CLAIM - 4) = 0; /* threshold */
  __asm__ volatile("csrs mie, %0" ::"r"(1u << EXTERNAL_CAUSE));
}

void set_timer_handler(interrupt_handler handler, void* context) {
  on_timer.call = handler;
  on_timer.context = context;
  timer_set(UINT64_MAX);
  __asm__ volatile("csrs mie, %0" ::"r"(1u << TIMER_CAUSE));
}

bool enable_interrupts(bool on) {
  uint32_t before = 0;
  if (on) {
    __asm__ volatile("csrrs %0, mstatus, %1" : "=r"(before) : "r"(MSTATUS_MIE) : "memory");
  } else {
    __asm__ volatile("csrrc %0, mstatus, %1" : "=r"(before) : "r"(MSTATUS_MIE) : "memory");
  }
  return (before & MSTATUS_MIE) != 0;
}

void wait_for_interrupt(void) {
  __asm__ volatile("wfi" ::: "memory");
}

uint64_t timer_now(void) {
  uint32_t high = 0;
  uint32_t low = 0;
  do {
    high = *word(MACHINE_TIMER, TIMER_NOW + 4);
    low = *word(MACHINE_TIMER, TIMER_NOW);
  } while (high != *word(MACHINE_TIMER, TIMER_NOW + 4));
  return (uint64_t)high << 32 | low;
}

void timer_set(uint64_t ticks) {
  *word(MACHINE_TIMER, TIMER_COMPARE + 4) = UINT32_MAX; /* never an earlier one in between */
  *word(MACHINE_TIMER, TIMER_COMPARE) = (uint32_t)ticks;
  *word(MACHINE_TIMER, TIMER_COMPARE + 4) = (uint32_t)(ticks >> 32);
}

static void dispatch_interrupts(void) {
  volatile uint32_t* claim = word(MACHINE_INTERRUPT_CONTROLLER, CONTROLLER_CLAIM);
  uint32_t number = 0;
  while ((number = *claim) != 0) {
    if (number < INTERRUPTS && on_interrupt[number].call != NULL) {
      on_interrupt[number].call(on_interrupt[number].context);
    }
    *claim = number;
  }
}

/* Called by trap_entry; returns where to go on. */
uint32_t trap_dispatch(uint32_t mcause, uint32_t mepc, uint32_t mtval) {
  if (mcause == (INTERRUPT_BIT | EXTERNAL_CAUSE)) {
    dispatch_interrupts();
    return mepc;
  }
  if (mcause == (INTERRUPT_BIT | TIMER_CAUSE) && on_timer.call != NULL) {
    on_timer.call(on_timer.context);
    return mepc;
  }
  if ((mcause & INTERRUPT_BIT) == 0 && on_exception != NULL) {
    return on_exception(mcause, mepc, mtval);
  }
  printf("trap: mcause %08" PRIx32 ", mepc %08" PRIx32 ", mtval %08" PRIx32 "\n", mcause, mepc, mtval);
  machine_exit((int)(UNHANDLED + (mcause & 31u)));
}
