// SPDX-License-Identifier: Apache-2.0
// What a built library offers, and the C++ text that makes it so around Verilated code.
#pragma once

#include "tb/cosim/contract.h"

#include <cstdint>
#include <string>

namespace sonic::cosim {

/// The functions of a library; `block` is what create() gave.
struct rtl_functions {
  void* (*create)() = nullptr;
  void (*destroy)(void* block) = nullptr;
  void (*eval)(void* block) = nullptr;
  /// The bytes of a port, in the order of the contract: 1, 2, 4 or 8 for up to 8, 16, 32 or 64 bits, else words of 32
  /// bits, the least significant first.
  void* (*pin)(void* block, std::uint32_t port) = nullptr;
  /// Waveforms; null in a library without them. Times in picoseconds, ascending.
  void (*open_waves)(void* block, const char* path) = nullptr;
  void (*dump_waves)(void* block, std::uint64_t ps) = nullptr;
  void (*close_waves)(void* block) = nullptr;
};

/// What a library can do beside the block's work.
struct shell_options {
  bool waves = false;
  bool coverage = false; ///< writes what was covered into the folder SONIC_RTL_COVERAGE when a block is destroyed
};

/// Its source, to be compiled with the Verilated block, whose class is Vblock.
std::string shell_source(const contract& block, const shell_options& options);

} // namespace sonic::cosim
