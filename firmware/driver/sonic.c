/* SPDX-License-Identifier: Apache-2.0 */
#include "driver/sonic.h"

#include <stddef.h>

enum { VERSION_SHIFT = 16, HIGH_SHIFT = 32 };

static uint32_t get(struct sonic_device* device, uint32_t offset) {
  return device->io->read(device->context, offset);
}

static void put(struct sonic_device* device, uint32_t offset, uint32_t value) {
  device->io->write(device->context, offset, value);
}

static uint64_t get_wide(struct sonic_device* device, uint32_t low, uint32_t high) {
  return (uint64_t)get(device, high) << HIGH_SHIFT | get(device, low);
}

static void put_wide(struct sonic_device* device, uint32_t low, uint32_t high, uint64_t value) {
  put(device, low, (uint32_t)value);
  put(device, high, (uint32_t)(value >> HIGH_SHIFT));
}

int sonic_probe(struct sonic_device* device, const struct sonic_io* io, void* context,
                struct sonic_capabilities* capabilities) {
  device->io = io;
  device->context = context;
  if (get(device, SONIC_ID) != SONIC_ID_AT_RESET) {
    return SONIC_NO_DEVICE;
  }
  const uint32_t version = get(device, SONIC_VERSION);
  if (version >> VERSION_SHIFT != SONIC_VERSION_AT_RESET >> VERSION_SHIFT) {
    return SONIC_WRONG_VERSION;
  }
  if (capabilities != NULL) {
    const uint32_t elements = get(device, SONIC_ELEMENTS);
    capabilities->version = version;
    capabilities->conv_vdus = get(device, SONIC_CONV_VDUS);
    capabilities->conv_lanes = get(device, SONIC_CONV_LANES);
    capabilities->fc_vdus = get(device, SONIC_FC_VDUS);
    capabilities->fc_lanes = get(device, SONIC_FC_LANES);
    capabilities->weight_buffer_bytes = get(device, SONIC_WEIGHT_BUFFER_BYTES);
    capabilities->takes_code16 = (elements & 1U) != 0;
    capabilities->takes_float32 = (elements & 2U) != 0;
  }
  return SONIC_OK;
}

int sonic_submit(struct sonic_device* device, const struct sonic_program* program) {
  if (sonic_busy(device)) {
    return SONIC_BUSY;
  }
  put_wide(device, SONIC_MEMORY_BASE_LOW, SONIC_MEMORY_BASE_HIGH, program->memory_base);
  put_wide(device, SONIC_MEMORY_SIZE_LOW, SONIC_MEMORY_SIZE_HIGH, program->memory_size);
  put_wide(device, SONIC_DESCRIPTOR_ADDRESS_LOW, SONIC_DESCRIPTOR_ADDRESS_HIGH, program->descriptor_address);
  put(device, SONIC_DESCRIPTOR_COUNT, program->descriptor_count);
  put(device, SONIC_CONTROL, SONIC_CONTROL_START);
  return SONIC_OK;
}

bool sonic_busy(struct sonic_device* device) {
  return (get(device, SONIC_STATUS) & SONIC_STATUS_BUSY) != 0;
}

int sonic_wait(struct sonic_device* device, uint32_t polls, struct sonic_outcome* outcome) {
  for (uint32_t asked = 1; sonic_busy(device); ++asked) {
    if (polls != 0 && asked >= polls) {
      return SONIC_TIMED_OUT;
    }
    if (device->io->relax != NULL) {
      device->io->relax(device->context);
    }
  }
  const uint32_t code = get(device, SONIC_ERROR_CODE);
  if (outcome != NULL) {
    outcome->error_code = code;
    outcome->error_index = get(device, SONIC_ERROR_INDEX);
  }
  return (int)code;
}

int sonic_run(struct sonic_device* device, const struct sonic_program* program, struct sonic_outcome* outcome) {
  const int submitted = sonic_submit(device, program);
  return submitted == SONIC_OK ? sonic_wait(device, 0, outcome) : submitted;
}

void sonic_enable_interrupts(struct sonic_device* device, bool on) {
  put(device, SONIC_IRQ_ENABLE, on ? SONIC_IRQ_STATUS_DONE | SONIC_IRQ_STATUS_ERROR : 0U);
}

uint32_t sonic_acknowledge(struct sonic_device* device) {
  const uint32_t pending = get(device, SONIC_IRQ_STATUS);
  put(device, SONIC_IRQ_STATUS, pending);
  return pending;
}

void sonic_read_counters(struct sonic_device* device, struct sonic_counters* counters) {
  counters->time_ns = get_wide(device, SONIC_TIME_NS_LOW, SONIC_TIME_NS_HIGH);
  counters->symbols = get_wide(device, SONIC_SYMBOLS_LOW, SONIC_SYMBOLS_HIGH);
  counters->retunes = get(device, SONIC_RETUNES);
  counters->descriptors_done = get(device, SONIC_DESCRIPTORS_DONE);
}

void sonic_reset(struct sonic_device* device) {
  put(device, SONIC_CONTROL, SONIC_CONTROL_RESET);
}

const char* sonic_error_name(int code) {
  static const char* const names[] = SONIC_ERROR_NAMES;
  const int count = (int)(sizeof(names) / sizeof(names[0]));
  return code >= 0 && code < count ? names[code] : "unknown";
}
