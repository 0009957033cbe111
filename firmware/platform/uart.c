/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/uart.h"

#include "platform/machine.h"

#include <stdint.h>
#include <stdio.h>

enum { DATA = 0, LINE_STATUS = 5, DATA_READY = 0x01, CAN_SEND = 0x20 };

static volatile uint8_t* const registers = (volatile uint8_t*)MACHINE_UART;

void uart_put(char c) {
  while ((registers[LINE_STATUS] & CAN_SEND) == 0) {
  }
  registers[DATA] = (uint8_t)c;
}

int uart_get(void) {
  return (registers[LINE_STATUS] & DATA_READY) != 0 ? registers[DATA] : -1;
}

static int put_to_file(char c, FILE* file) {
  (void)file;
  uart_put(c);
  return (unsigned char)c;
}

static int get_from_file(FILE* file) {
  (void)file;
  int c = 0;
  while ((c = uart_get()) < 0) {
  }
  return c;
}

static FILE console = FDEV_SETUP_STREAM(put_to_file, get_from_file, NULL, _FDEV_SETUP_RW);
FILE* const stdin = &console;
FILE* const stdout = &console;
FILE* const stderr = &console;
