/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware that never ends; HOW says in which way. */
#include "platform/machine.h"
#include "platform/trap.h"

#include <stdint.h>

int main(void) {
#if HOW == 0
  for (volatile unsigned int i = 0;; ++i) {
  }
#elif HOW == 1
  for (;;) {
    wait_for_interrupt();
  }
#elif HOW == 2
  __asm__ volatile("csrw mtvec, zero\necall");
#else
  *(volatile uint32_t*)0x60000000 = 1; /* without a handler: the default one ends it */
#endif
  return 0;
}
