/* SPDX-License-Identifier: Apache-2.0 */
/* The MNIST network on images that the build put into the firmware: a digit for each, and how long it took. */
#include "platform/accelerator.h"
#include "platform/embed.h"
#include "platform/machine.h"
#include "platform/trap.h"

#include "mnist.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

EMBED_PROGRAM(image, "mnist.bin", MNIST_MEMORY_BYTES);
EMBED_CODES(pictures, "mnist_inputs.bin");
EMBED_CODES(expected, "mnist_expected.bin");

static unsigned int largest_of(const uint16_t* codes, unsigned int count) {
  unsigned int best = 0;
  for (unsigned int i = 1; i < count; ++i) {
    best = codes[i] > codes[best] ? i : best;
  }
  return best;
}

int main(void) {
  static const uint8_t labels[] = MNIST_LABELS;
  struct accelerator sonic;
  if (open_accelerator(&sonic, "sonic0", MACHINE_SONIC0, MACHINE_SONIC0_IRQ) != SONIC_OK) {
    return 1;
  }
  const struct sonic_program program =
      program_at(image, MNIST_MEMORY_BYTES, MNIST_DESCRIPTOR_ADDRESS, MNIST_DESCRIPTORS);
  const uint16_t* scores = (const uint16_t*)(image + MNIST_OUTPUT_ADDRESS);
  unsigned int wrong = 0;
  for (unsigned int frame = 0; frame < MNIST_FRAMES; ++frame) {
    memcpy(image + MNIST_INPUT_ADDRESS, pictures + frame * MNIST_INPUT_ELEMENTS,
           MNIST_INPUT_ELEMENTS * sizeof(uint16_t));
    struct sonic_outcome outcome;
    const uint64_t begin = timer_now();
    if (run_program(&sonic, &program, &outcome) != SONIC_OK) {
      printf("image %u: %s at layer %" PRIu32 "\n", frame, sonic_error_name((int)outcome.error_code),
             outcome.error_index);
      return 1;
    }
    const uint64_t ticks = timer_now() - begin;
    struct sonic_counters counters;
    sonic_read_counters(&sonic.device, &counters);
    const int same =
        memcmp(scores, expected + frame * MNIST_OUTPUT_ELEMENTS, MNIST_OUTPUT_ELEMENTS * sizeof(uint16_t)) == 0;
    printf("image %u: digit %u, label %u, %" PRIu64 " ns, timer %" PRIu64 " ticks%s\n", frame,
           largest_of(scores, MNIST_OUTPUT_ELEMENTS), labels[frame], counters.time_ns, ticks,
           same ? "" : ", SCORES DIFFER");
    wrong += same ? 0 : 1;
  }
  puts(wrong == 0 ? "PASSED" : "FAILED");
  return (int)wrong;
}
