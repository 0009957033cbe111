// SPDX-License-Identifier: Apache-2.0
// From SystemVerilog to a library that this process can load: checked against the block's contract, translated by
// Verilator and compiled once, then kept.
#pragma once

#include "tb/cosim/contract.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sonic::cosim {

/// What is to be built; packages that the contract brings are there for a user's sources, too.
struct rtl_request {
  std::vector<std::filesystem::path> sources; ///< empty: the block of hw/rtl
  std::string where;                          ///< that named them, for messages
  bool waves = false;                         ///< can write a waveform
};

/// Where built libraries are kept: SONIC_RTL_CACHE, else sonic-tlm in XDG_CACHE_HOME, else in ~/.cache.
std::filesystem::path rtl_cache();

/// The library of this RTL, built if it is not there.
/// @throws core::user_error if Verilator is missing or refuses the sources, or if ports are not those of the contract
std::filesystem::path build_rtl(const contract& block, const rtl_request& request);

} // namespace sonic::cosim
