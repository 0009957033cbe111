/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What depends on when interrupts come: a counting loop that timer interrupts cut, a software interrupt, nested waits,
 * characters echoed by interrupt, and a random walk over memory. The text shows instruction-exact positions.
 */
#include "platform/machine.h"
#include "platform/trap.h"
#include "platform/uart.h"

#include <inttypes.h>
#include <stdio.h>

enum { CUTS = 16 };

static volatile uint32_t count;
static volatile uint32_t cuts[CUTS];
static volatile unsigned int taken;
static uint8_t walked[4096];

static void cut(void* context) {
  (void)context;
  cuts[taken++] = count;
  timer_set(taken < CUTS ? timer_now() + 7 + 3 * taken : UINT64_MAX);
}

static volatile unsigned int echoed;

static void echo(void* context) {
  (void)context;
  int c = 0;
  while ((c = uart_get()) >= 0) {
    uart_put((char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c));
    echoed += c == '\n';
  }
}

int main(void) {
  set_timer_handler(cut, 0);
  timer_set(timer_now() + 5);
  enable_interrupts(true);
  while (taken < CUTS) {
    ++count;
    walked[(count * 2654435761u) >> 20] += (uint8_t)count;
  }
  for (unsigned int i = 0; i < CUTS; ++i) {
    printf("%" PRIu32 " ", cuts[i]);
  }
  uint32_t sum = 0;
  for (unsigned int i = 0; i < sizeof(walked); ++i) {
    sum = sum * 31 + walked[i];
  }
  printf("\n%08" PRIx32 " %" PRIu64 "\n", sum, timer_now());
#ifdef ECHO
  set_interrupt_handler(MACHINE_UART_IRQ, echo, 0);
  *(volatile uint8_t*)(MACHINE_UART + 1) = 1;
  enable_interrupts(false);
  while (echoed < 2) {
    wait_for_interrupt();
    enable_interrupts(true);
    enable_interrupts(false);
  }
#else
  (void)echo;
#endif
  puts("PASSED");
  return 0;
}
