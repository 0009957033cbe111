// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function: it is compiled once for each of these instruction sets, and the loader takes the best that the
/// processor has. For loops that the compiler turns into vectors; not for templates.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SONIC_VECTORISED [[gnu::target_clones("avx512f", "avx2", "default")]]
#else
#define SONIC_VECTORISED
#endif
