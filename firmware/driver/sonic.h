/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Driver of the SONIC accelerator, in C without an operating system. It knows the registers of hw/regs alone and
 * reaches them through struct sonic_io, so that the same sources run on RV32, on RV64, and on a host against the model.
 * Addresses are those that the accelerator sees.
 */
#ifndef DRIVER_SONIC_H
#define DRIVER_SONIC_H

#include <stdbool.h>
#include <stdint.h>

#include "sonic_regs/sonic_regs.h"

/* How registers are reached, and how time passes. `context` is passed on as it is. */
struct sonic_io {
  uint32_t (*read)(void* context, uint32_t offset);
  void (*write)(void* context, uint32_t offset, uint32_t value);
  /* Returns after something may have happened: by waiting for an interrupt, or at once. NULL: at once. */
  void (*relax)(void* context);
};

/* One accelerator. */
struct sonic_device {
  const struct sonic_io* io;
  void* context;
};

/* What a driver function says. Codes from 1 on are the accelerator's own, SONIC_ERROR_*. */
enum sonic_result {
  SONIC_OK = 0,
  SONIC_NO_DEVICE = -1,     /* the id register reads something else */
  SONIC_WRONG_VERSION = -2, /* its registers have another major version than this driver */
  SONIC_BUSY = -3,          /* a program is running */
  SONIC_TIMED_OUT = -4,     /* it did not end in time */
};

/* What the chip can do, as it says itself. */
struct sonic_capabilities {
  uint32_t version; /* major in bits 31:16, minor in bits 15:0 */
  uint32_t conv_vdus, conv_lanes, fc_vdus, fc_lanes;
  uint32_t weight_buffer_bytes;
  bool takes_code16, takes_float32;
};

/* A program in memory. */
struct sonic_program {
  uint64_t memory_base;        /* added to every address of the program */
  uint64_t memory_size;        /* bytes from memory_base that it may touch */
  uint64_t descriptor_address; /* relative to memory_base, a multiple of 8 */
  uint32_t descriptor_count;
};

/* Performance counters of the last program. */
struct sonic_counters {
  uint64_t time_ns; /* from start to done */
  uint64_t symbols; /* dot products of all units */
  uint32_t retunes; /* times that a unit's rings were given new values */
  uint32_t descriptors_done;
};

/* How the last program ended. */
struct sonic_outcome {
  uint32_t error_code;  /* SONIC_ERROR_* */
  uint32_t error_index; /* of the descriptor at which it stopped */
};

/* Looks for the accelerator and asks what it can do. `capabilities` may be NULL. */
int sonic_probe(struct sonic_device* device, const struct sonic_io* io, void* context,
                struct sonic_capabilities* capabilities);

/* Starts a program and returns at once. SONIC_BUSY: nothing was changed. Interrupts are as they were. */
int sonic_submit(struct sonic_device* device, const struct sonic_program* program);

bool sonic_busy(struct sonic_device* device);

/*
 * Waits until the program has ended, asking up to `polls` times (0: without end) and relaxing in between.
 * Returns SONIC_OK, SONIC_TIMED_OUT, or the program's error code; `outcome` may be NULL.
 */
int sonic_wait(struct sonic_device* device, uint32_t polls, struct sonic_outcome* outcome);

/* Submits and waits without end. */
int sonic_run(struct sonic_device* device, const struct sonic_program* program, struct sonic_outcome* outcome);

/* Lets the ends of programs, good or bad, raise the interrupt line, or none. */
void sonic_enable_interrupts(struct sonic_device* device, bool on);

/* For the interrupt handler: returns the pending interrupts (SONIC_IRQ_STATUS_*) and clears them. */
uint32_t sonic_acknowledge(struct sonic_device* device);

void sonic_read_counters(struct sonic_device* device, struct sonic_counters* counters);

/* Abandons whatever runs; every register returns to its reset value. Programs may be submitted at once. */
void sonic_reset(struct sonic_device* device);

/* "bad_address"; for codes that do not exist "unknown". */
const char* sonic_error_name(int code);

/* Registers in the address space: `context` is the base address. */
extern const struct sonic_io sonic_mmio;

#endif
