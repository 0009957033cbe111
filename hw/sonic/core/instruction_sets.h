// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function: compiled for several instruction sets, of which the processor's best is called. None contracts a
/// multiplication and an addition (-ffp-contract=off), so all give the same numbers. Sanitizers cannot choose so early.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SONIC_EACH_INSTRUCTION_SET __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SONIC_EACH_INSTRUCTION_SET
#endif
