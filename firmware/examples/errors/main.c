/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Provokes every error that the accelerator knows, by damaging a good program in one place each, and shows after each
 * that the same accelerator runs the good program as before. Also: what the driver itself refuses, a reset in the
 * middle of a program, and an access to an address where nothing is.
 */
#include "platform/accelerator.h"
#include "platform/embed.h"
#include "platform/machine.h"
#include "platform/trap.h"

#include "edges.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

EMBED_PROGRAM(image, "edges.bin", EDGES_MEMORY_BYTES);
EMBED_CODES(picture, "edges_inputs.bin");
EMBED_CODES(expected, "edges_expected.bin");

enum { LOAD_FAULT = 5, STORE_FAULT = 7, NOWHERE = 0x60000000 };

static uint8_t good[EDGES_IMAGE_BYTES];
static struct accelerator sonic;
static struct sonic_descriptor* const layer = (struct sonic_descriptor*)(image + EDGES_DESCRIPTOR_ADDRESS);
static int wrong;

static struct sonic_program whole(void) {
  return program_at(image, EDGES_MEMORY_BYTES, EDGES_DESCRIPTOR_ADDRESS, EDGES_DESCRIPTORS);
}

static void expect(const char* what, int holds) {
  printf("%-44s %s\n", what, holds ? "ok" : "WRONG");
  wrong += holds ? 0 : 1;
}

static int usable(void) {
  memcpy(image, good, EDGES_IMAGE_BYTES);
  memcpy(image + EDGES_INPUT_ADDRESS, picture, EDGES_INPUT_ELEMENTS * sizeof(uint16_t));
  memset(image + EDGES_OUTPUT_ADDRESS, 0, EDGES_OUTPUT_ELEMENTS * sizeof(uint16_t));
  const struct sonic_program program = whole();
  return run_program(&sonic, &program, NULL) == SONIC_OK &&
         memcmp(image + EDGES_OUTPUT_ADDRESS, expected, EDGES_OUTPUT_ELEMENTS * sizeof(uint16_t)) == 0;
}

/* Runs the damaged program, and the good one after it. */
static void provoke(int code, const struct sonic_program* program) {
  struct sonic_outcome outcome = {0, 1};
  const int ended = run_program(&sonic, program, &outcome);
  char line[64];
  snprintf(line, sizeof(line), "error %d, %s", code, sonic_error_name(code));
  expect(line, ended == code && outcome.error_code == (uint32_t)code && outcome.error_index == 0);
  expect("  and the good program after it", usable());
}

static void provoke_all(void) {
  struct sonic_program program = whole();
  layer->operation = 99;
  provoke(SONIC_ERROR_BAD_OPERATION, &program);
  layer->out_channels = 0;
  provoke(SONIC_ERROR_BAD_GEOMETRY, &program);
  layer->output_address = EDGES_MEMORY_BYTES;
  provoke(SONIC_ERROR_BAD_ADDRESS, &program);
  struct sonic_panel* const panel = (struct sonic_panel*)(image + layer->weight_address);
  panel->first_row = 1;
  provoke(SONIC_ERROR_BAD_WEIGHTS, &program);
  layer->adc_full_scale = -1.0F;
  provoke(SONIC_ERROR_BAD_PARAMETERS, &program);
  layer->element = 1;
  provoke(SONIC_ERROR_UNSUPPORTED_ELEMENT, &program);

  /* A panel larger than the weight buffer, in a program that may touch more memory. */
  struct sonic_capabilities chip;
  sonic_probe(&sonic.device, &sonic_mmio, (void*)MACHINE_SONIC0, &chip);
  program.memory_size = 2 * (uint64_t)chip.weight_buffer_bytes + EDGES_MEMORY_BYTES;
  panel->bytes = chip.weight_buffer_bytes + 1;
  provoke(SONIC_ERROR_TOO_LARGE, &program);

  /* A tensor where the bus has nothing. */
  program.memory_size = 0x60000000;
  layer->input_address = 0x50000000;
  provoke(SONIC_ERROR_BUS_ERROR, &program);
}

static volatile uint32_t trap_cause;
static volatile uint32_t trap_value;

static uint32_t note_and_skip(uint32_t mcause, uint32_t mepc, uint32_t mtval) {
  trap_cause = mcause;
  trap_value = mtval;
  return mepc + ((*(const volatile uint16_t*)mepc & 3u) == 3u ? 4u : 2u);
}

int main(void) {
  memcpy(good, image, EDGES_IMAGE_BYTES);
  struct sonic_device nobody;
  set_exception_handler(note_and_skip);
  sonic_probe(&nobody, &sonic_mmio, (void*)NOWHERE, NULL);
  expect("load where nothing is: a trap", trap_cause == LOAD_FAULT && trap_value == NOWHERE);
  *(volatile uint32_t*)(MACHINE_SONIC0 + SONIC_STATUS) = 0;
  expect("store to a read-only register: a trap",
         trap_cause == STORE_FAULT && trap_value == MACHINE_SONIC0 + SONIC_STATUS);
  set_exception_handler(NULL);
  expect("another device is not taken for it",
         sonic_probe(&nobody, &sonic_mmio, (void*)MACHINE_INTERRUPT_CONTROLLER, NULL) == SONIC_NO_DEVICE);
  if (open_accelerator(&sonic, "sonic0", MACHINE_SONIC0, MACHINE_SONIC0_IRQ) != SONIC_OK) {
    return 1;
  }
  expect("the good program", usable());
  provoke_all();

  const struct sonic_program program = whole();
  expect("submitted", sonic_submit(&sonic.device, &program) == SONIC_OK);
  expect("busy: a second program is refused", sonic_submit(&sonic.device, &program) == SONIC_BUSY);
  expect("it does not end at once", sonic_wait(&sonic.device, 1, NULL) == SONIC_TIMED_OUT);
  sonic_reset(&sonic.device);
  expect("reset: no longer busy", !sonic_busy(&sonic.device));
  sonic_enable_interrupts(&sonic.device, true);
  expect("  and the good program after it", usable());
  puts(wrong == 0 ? "PASSED" : "FAILED");
  return wrong;
}
