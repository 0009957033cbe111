/* SPDX-License-Identifier: Apache-2.0 */
/* Files of `sonic lower` as parts of the firmware. The assembler looks for them in the folders of -I. */
#ifndef PLATFORM_EMBED_H
#define PLATFORM_EMBED_H

#include <stdint.h>

/*
 * A program image with room for its tensors: `extern uint8_t name[memory_bytes]`, aligned so that it lies in the
 * memory's rows as it does where `sonic run` puts it.
 */
#define EMBED_PROGRAM(name, file, memory_bytes) EMBED_PROGRAM_(name, file, memory_bytes)
#define EMBED_PROGRAM_(name, file, memory_bytes)                                                                       \
  extern uint8_t name[memory_bytes];                                                                                   \
  __asm__(".pushsection .image,\"aw\"\n"                                                                               \
          ".balign 65536\n"                                                                                            \
          ".globl " #name "\n" #name ":\n"                                                                             \
          ".incbin \"" file "\"\n"                                                                                     \
          ".zero " #memory_bytes " - (. - " #name ")\n"                                                                \
          ".popsection\n")

/* Codes: `extern const uint16_t name[]`. */
#define EMBED_CODES(name, file)                                                                                        \
  extern const uint16_t name[];                                                                                        \
  __asm__(".pushsection .rodata,\"a\"\n"                                                                               \
          ".balign 4\n"                                                                                                \
          ".globl " #name "\n" #name ":\n"                                                                             \
          ".incbin \"" file "\"\n"                                                                                     \
          ".popsection\n")

#endif
