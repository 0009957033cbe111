/* SPDX-License-Identifier: Apache-2.0 */
/* One convolution on one image, by polling and by interrupt; its codes are those that the reference computed. */
#include "platform/accelerator.h"
#include "platform/embed.h"
#include "platform/machine.h"

#include "edges.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

EMBED_PROGRAM(image, "edges.bin", EDGES_MEMORY_BYTES);
EMBED_CODES(picture, "edges_inputs.bin");
EMBED_CODES(expected, "edges_expected.bin");

static int check(const char* how) {
  const int same = memcmp(image + EDGES_OUTPUT_ADDRESS, expected, EDGES_OUTPUT_ELEMENTS * sizeof(uint16_t)) == 0;
  printf("%s: %u codes %s\n", how, EDGES_OUTPUT_ELEMENTS, same ? "as expected" : "DIFFER");
  memset(image + EDGES_OUTPUT_ADDRESS, 0, EDGES_OUTPUT_ELEMENTS * sizeof(uint16_t));
  return same ? 0 : 1;
}

int main(void) {
  struct accelerator sonic;
  if (open_accelerator(&sonic, "sonic0", MACHINE_SONIC0, MACHINE_SONIC0_IRQ) != SONIC_OK) {
    return 1;
  }
  const struct sonic_program program =
      program_at(image, EDGES_MEMORY_BYTES, EDGES_DESCRIPTOR_ADDRESS, EDGES_DESCRIPTORS);
  memcpy(image + EDGES_INPUT_ADDRESS, picture, EDGES_INPUT_ELEMENTS * sizeof(uint16_t));

  int wrong = run_program(&sonic, &program, NULL) != SONIC_OK;
  wrong += check("by interrupt");
  struct sonic_counters counters;
  sonic_read_counters(&sonic.device, &counters);
  printf("%" PRIu64 " ns, %" PRIu64 " dot products, %" PRIu32 " retunes, %" PRIu32 " layer\n", counters.time_ns,
         counters.symbols, counters.retunes, counters.descriptors_done);

  sonic_enable_interrupts(&sonic.device, false);
  wrong += sonic_run(&sonic.device, &program, NULL) != SONIC_OK;
  wrong += check("by polling");
  puts(wrong == 0 ? "PASSED" : "FAILED");
  return wrong;
}
