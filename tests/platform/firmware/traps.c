/* SPDX-License-Identifier: Apache-2.0 */
/* Accesses that nobody answers, of every size and place, trap with their cause and address and change no register. */
#include "platform/machine.h"
#include "platform/trap.h"

#include <inttypes.h>
#include <stdio.h>

enum { LOAD_FAULT = 5, STORE_FAULT = 7, FETCH_FAULT = 1 };

static volatile uint32_t cause, value, at;
static volatile uint32_t return_to;

static uint32_t note(uint32_t mcause, uint32_t mepc, uint32_t mtval) {
  cause = mcause;
  value = mtval;
  at = mepc;
  if (mcause == FETCH_FAULT) {
    return return_to;
  }
  return mepc + ((*(const volatile uint16_t*)mepc & 3u) == 3u ? 4u : 2u);
}

static int wrong;

static void expect(const char* what, uint32_t address, uint32_t wanted_cause, uint32_t kept) {
  const int right = cause == wanted_cause && value == address && kept == 0x5a5a1234;
  printf("%s %08" PRIx32 ": %s\n", what, address, right ? "ok" : "WRONG");
  if (!right) {
    printf("  cause %" PRIu32 ", value %08" PRIx32 ", register %08" PRIx32 "\n", cause, value, kept);
  }
  wrong += right ? 0 : 1;
  cause = value = 0;
}

#define LOAD(instruction, address)                                                                                     \
  do {                                                                                                                 \
    uint32_t kept = 0x5a5a1234;                                                                                        \
    __asm__ volatile(instruction " %0, 0(%1)" : "+r"(kept) : "r"(address) : "memory");                                 \
    expect(instruction, address, LOAD_FAULT, kept);                                                                    \
  } while (0)
#define STORE(instruction, address)                                                                                    \
  do {                                                                                                                 \
    uint32_t kept = 0x5a5a1234;                                                                                        \
    __asm__ volatile(instruction " %0, 0(%1)" : "+r"(kept) : "r"(address) : "memory");                                 \
    expect(instruction, address, STORE_FAULT, kept);                                                                   \
  } while (0)

int main(void) {
  static const uint32_t nowhere[] = {0x00000000, 0x00001004, 0x60000000, 0x7ffffffc, 0x84000000, 0xfffffffc};
  set_exception_handler(note);
  for (unsigned int i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); ++i) {
    LOAD("lw", nowhere[i]);
    LOAD("lhu", nowhere[i]);
    LOAD("lb", nowhere[i]);
    STORE("sw", nowhere[i]);
    STORE("sh", nowhere[i]);
    STORE("sb", nowhere[i]);
  }
  /* Devices answer, but not so. */
  LOAD("lw", MACHINE_UART);
  STORE("sw", MACHINE_TIMER + 0x8000);
  LOAD("lh", MACHINE_INTERRUPT_CONTROLLER + 4);
  STORE("sw", MACHINE_SONIC0 + 0x00c);
  LOAD("lw", MACHINE_SONIC0 + 0x1fc);
  LOAD("lw", MACHINE_SONIC0 + 0x200);

  return_to = (uint32_t)(uintptr_t) && behind;
  const uint32_t target = 0x30000000;
  __asm__ goto volatile("jr %0" ::"r"(target) : "memory" : behind);
behind:
  expect("jump", target, FETCH_FAULT, 0x5a5a1234);
  wrong += at == target ? 0 : 1;
  puts(wrong == 0 ? "PASSED" : "FAILED");
  return wrong;
}
