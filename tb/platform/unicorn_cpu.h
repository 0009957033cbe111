// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/cpu.h"

#include <cstdint>
#include <memory>
#include <span>

namespace sonic::platform {

/// RV32IMAC in machine mode, translated by Unicorn. RAM is mapped straight into it; every other address is asked for on
/// the bus. Unicorn is under the GPL, version 2: only programs that are not part of the library link this.
///
/// What Unicorn does not do: `mip` reads as 0, `cycle` and `mcycle` count host ticks, `time` is illegal.
/// @param ram_base of a multiple of 4 KiB
/// @param ram      of a multiple of 4 KiB; it must outlive the processor
/// @throws std::runtime_error if Unicorn cannot be set up
std::unique_ptr<cpu> make_unicorn_cpu(std::uint32_t ram_base, std::span<std::uint8_t> ram, cpu_bus& bus);

} // namespace sonic::platform
