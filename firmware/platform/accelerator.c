/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/accelerator.h"

#include "platform/trap.h"

#include <inttypes.h>
#include <stdio.h>

static void served(void* context) {
  struct accelerator* a = context;
  if (sonic_acknowledge(&a->device) != 0) {
    ++a->ends;
  }
}

int open_accelerator(struct accelerator* a, const char* name, uint32_t address, unsigned int interrupt) {
  struct sonic_capabilities chip;
  a->ends = 0;
  const int found = sonic_probe(&a->device, &sonic_mmio, (void*)(uintptr_t)address, &chip);
  if (found != SONIC_OK) {
    printf("%s: no accelerator at %08" PRIx32 " (%d)\n", name, address, found);
    return found;
  }
  printf("%s: %" PRIu32 " CONV units of %" PRIu32 " lanes, %" PRIu32 " FC units of %" PRIu32 " lanes\n", name,
         chip.conv_vdus, chip.conv_lanes, chip.fc_vdus, chip.fc_lanes);
  set_interrupt_handler(interrupt, served, a);
  sonic_enable_interrupts(&a->device, true);
  enable_interrupts(true);
  return SONIC_OK;
}

void await_ends(struct accelerator* a, uint32_t count) {
  const bool on = enable_interrupts(false);
  while (a->ends < count) {
    wait_for_interrupt();
    enable_interrupts(true);
    enable_interrupts(false);
  }
  enable_interrupts(on);
}

int run_program(struct accelerator* a, const struct sonic_program* program, struct sonic_outcome* outcome) {
  const uint32_t ends = a->ends;
  const int submitted = sonic_submit(&a->device, program);
  if (submitted != SONIC_OK) {
    return submitted;
  }
  await_ends(a, ends + 1);
  return sonic_wait(&a->device, 1, outcome);
}

struct sonic_program program_at(const void* image, uint32_t memory_bytes, uint32_t descriptor_address,
                                uint32_t descriptors) {
  const struct sonic_program program = {(uintptr_t)image, memory_bytes, descriptor_address, descriptors};
  return program;
}
