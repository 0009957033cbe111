/* SPDX-License-Identifier: Apache-2.0 */
/* printf and getchar of the C library go to a 16550. */
#ifndef PLATFORM_UART_H
#define PLATFORM_UART_H

/* Sends one character. */
void uart_put(char c);
/* The next received character, or -1 if there is none now. */
int uart_get(void);

#endif
