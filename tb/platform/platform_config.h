// SPDX-License-Identifier: Apache-2.0
// A platform as its YAML describes it (docs/platform.md), checked. Plain C++.
#pragma once

#include "sonic/config/architecture.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sonic::platform {

struct accelerator_config {
  std::string name;
  std::uint32_t address = 0;
  unsigned int irq = 0;
  config::architecture architecture;
};

struct platform_config {
  std::string name;
  double cpu_clock_ghz = 0.0;
  unsigned int cycles_per_instruction = 0;
  std::uint32_t ram_address = 0;
  std::uint32_t ram_bytes = 0;
  std::uint32_t uart_address = 0;
  unsigned int uart_irq = 0;
  std::uint32_t timer_address = 0;
  double timer_ghz = 0.0;
  std::uint32_t interrupt_controller_address = 0;
  unsigned int interrupt_sources = 0;
  std::uint32_t simulation_control_address = 0;
  std::vector<accelerator_config> accelerators;
};

/// Reads and checks a platform.
/// @param overrides "key.path=value" each, for the architecture of every accelerator
/// @throws core::user_error "file:line:column: key: problem; expected" for unknown, missing and repeated keys, numbers
///         out of range, addresses that overlap, and interrupts that are used twice
platform_config load_platform(const std::filesystem::path& file, const std::vector<std::string>& overrides);

} // namespace sonic::platform
