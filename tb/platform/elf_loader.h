// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace sonic::platform {

/// Copies the loadable segments of a 32-bit RISC-V executable to RAM, at their physical addresses.
/// @returns the entry point
/// @throws core::user_error naming the file if it is missing, damaged, for another processor, or not within the RAM
std::uint32_t load_elf(const std::filesystem::path& file, std::uint32_t ram_base, std::span<std::uint8_t> ram);

} // namespace sonic::platform
