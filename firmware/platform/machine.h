/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that the examples run on: configs/platform/demo.yaml. Where there is no accelerator it is QEMU's `virt`.
 */
#ifndef PLATFORM_MACHINE_H
#define PLATFORM_MACHINE_H

#define MACHINE_FINISHER 0x00100000u
#define MACHINE_TIMER 0x02000000u
#define MACHINE_TIMER_HZ 10000000u
#define MACHINE_INTERRUPT_CONTROLLER 0x0c000000u
#define MACHINE_UART 0x10000000u
#define MACHINE_UART_IRQ 10u
#define MACHINE_SONIC0 0x40000000u
#define MACHINE_SONIC0_IRQ 32u
#define MACHINE_SONIC1 0x40001000u
#define MACHINE_SONIC1_IRQ 33u

#endif
