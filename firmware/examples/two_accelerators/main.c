/* SPDX-License-Identifier: Apache-2.0 */
/* Two accelerators at once, each on a copy of the program, and the time of one alone beside it. */
#include "platform/accelerator.h"
#include "platform/embed.h"
#include "platform/machine.h"
#include "platform/trap.h"

#include "mnist.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CHIPS = 2 };

EMBED_PROGRAM(image, "mnist.bin", MNIST_MEMORY_BYTES);
EMBED_CODES(pictures, "mnist_inputs.bin");
EMBED_CODES(expected, "mnist_expected.bin");

static uint8_t copy[MNIST_MEMORY_BYTES] __attribute__((aligned(65536)));
static uint8_t* const memories[CHIPS] = {image, copy};
static struct accelerator chips[CHIPS];

static void load(unsigned int chip, unsigned int frame) {
  memcpy(memories[chip] + MNIST_INPUT_ADDRESS, pictures + frame * MNIST_INPUT_ELEMENTS,
         MNIST_INPUT_ELEMENTS * sizeof(uint16_t));
}

static int check(unsigned int chip, unsigned int frame) {
  const int same = memcmp(memories[chip] + MNIST_OUTPUT_ADDRESS, expected + frame * MNIST_OUTPUT_ELEMENTS,
                          MNIST_OUTPUT_ELEMENTS * sizeof(uint16_t)) == 0;
  printf("sonic%u, image %u: %s\n", chip, frame, same ? "as expected" : "DIFFERS");
  memset(memories[chip] + MNIST_OUTPUT_ADDRESS, 0, MNIST_OUTPUT_ELEMENTS * sizeof(uint16_t));
  return same ? 0 : 1;
}

static struct sonic_program program_of(unsigned int chip) {
  return program_at(memories[chip], MNIST_MEMORY_BYTES, MNIST_DESCRIPTOR_ADDRESS, MNIST_DESCRIPTORS);
}

int main(void) {
  static const uint32_t addresses[CHIPS] = {MACHINE_SONIC0, MACHINE_SONIC1};
  static const unsigned int interrupts[CHIPS] = {MACHINE_SONIC0_IRQ, MACHINE_SONIC1_IRQ};
  static const char* const names[CHIPS] = {"sonic0", "sonic1"};
  int wrong = 0;
  memcpy(copy, image, MNIST_IMAGE_BYTES);
  for (unsigned int i = 0; i < CHIPS; ++i) {
    if (open_accelerator(&chips[i], names[i], addresses[i], interrupts[i]) != SONIC_OK) {
      return 1;
    }
  }
  load(0, 0);
  const struct sonic_program first = program_of(0);
  const uint64_t begin = timer_now();
  wrong += run_program(&chips[0], &first, NULL) != SONIC_OK;
  const uint64_t alone = timer_now() - begin;
  wrong += check(0, 0);

  for (unsigned int i = 0; i < CHIPS; ++i) {
    load(i, i + 1);
  }
  uint32_t ends[CHIPS];
  const uint64_t began = timer_now();
  for (unsigned int i = 0; i < CHIPS; ++i) {
    const struct sonic_program program = program_of(i);
    ends[i] = chips[i].ends;
    wrong += sonic_submit(&chips[i].device, &program) != SONIC_OK;
  }
  printf("both busy: %s\n", sonic_busy(&chips[0].device) && sonic_busy(&chips[1].device) ? "yes" : "no");
  for (unsigned int i = 0; i < CHIPS; ++i) {
    await_ends(&chips[i], ends[i] + 1);
    wrong += sonic_wait(&chips[i].device, 1, NULL) != SONIC_OK;
  }
  const uint64_t together = timer_now() - began;
  for (unsigned int i = 0; i < CHIPS; ++i) {
    wrong += check(i, i + 1);
  }
  printf("one alone %" PRIu64 " ticks, two at once %" PRIu64 " ticks\n", alone, together);
  puts(wrong == 0 ? "PASSED" : "FAILED");
  return wrong;
}
