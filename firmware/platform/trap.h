/* SPDX-License-Identifier: Apache-2.0 */
/* Traps of machine mode, the interrupt controller and the timer. */
#ifndef PLATFORM_TRAP_H
#define PLATFORM_TRAP_H

#include <stdbool.h>
#include <stdint.h>

/* Ends the firmware; the code becomes that of the simulation's process. */
_Noreturn void machine_exit(int code);

/* Called for an exception with the registers of the same names; returns where to go on. */
typedef uint32_t (*exception_handler)(uint32_t mcause, uint32_t mepc, uint32_t mtval);
/* NULL: an exception prints itself and ends the firmware with code 100 + cause. */
void set_exception_handler(exception_handler handler);

typedef void (*interrupt_handler)(void* context);
/* Routes an interrupt of the controller to a handler, with priority 1. Numbers from 1 to 63. */
void set_interrupt_handler(unsigned int number, interrupt_handler handler, void* context);
/* Called at each timer interrupt; the handler sets or clears the next one. */
void set_timer_handler(interrupt_handler handler, void* context);

/* Turns interrupts on or off; returns whether they were on. */
bool enable_interrupts(bool on);
/* Waits for an interrupt. Call it with interrupts off, after the last look at what is waited for: none is lost so. */
void wait_for_interrupt(void);

/* Ticks of MACHINE_TIMER_HZ. */
uint64_t timer_now(void);
/* The next timer interrupt; UINT64_MAX: none. */
void timer_set(uint64_t ticks);

#endif
