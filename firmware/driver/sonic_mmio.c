/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/sonic.h"

#include <stddef.h>

/* What was written to memory before a register write is there for the accelerator, and the other way round. */
static void order(void) {
#ifdef __riscv
  __asm__ volatile("fence iorw, iorw" ::: "memory");
#else
  __sync_synchronize();
#endif
}

static uint32_t mmio_read(void* context, uint32_t offset) {
  const uint32_t value = *(volatile uint32_t*)((uintptr_t)context + offset);
  order();
  return value;
}

static void mmio_write(void* context, uint32_t offset, uint32_t value) {
  order();
  *(volatile uint32_t*)((uintptr_t)context + offset) = value;
}

const struct sonic_io sonic_mmio = {mmio_read, mmio_write, NULL};
