/* SPDX-License-Identifier: Apache-2.0 */
/* An accelerator of this machine, with its interrupt. */
#ifndef PLATFORM_ACCELERATOR_H
#define PLATFORM_ACCELERATOR_H

#include "driver/sonic.h"

#include <stdint.h>

struct accelerator {
  struct sonic_device device;
  volatile uint32_t ends; /* interrupts served since open_accelerator */
};

/*
 * Finds the accelerator at an address and routes its interrupt; `a` must stay where it is. Prints what it can do.
 * Returns what sonic_probe says.
 */
int open_accelerator(struct accelerator* a, const char* name, uint32_t address, unsigned int interrupt);

/* Sleeps until `a` has ended `count` programs in all. */
void await_ends(struct accelerator* a, uint32_t count);

/* Submits, sleeps until it ended, and returns as sonic_wait does. */
int run_program(struct accelerator* a, const struct sonic_program* program, struct sonic_outcome* outcome);

/* A program in this machine's memory. */
struct sonic_program program_at(const void* image, uint32_t memory_bytes, uint32_t descriptor_address,
                                uint32_t descriptors);

#endif
