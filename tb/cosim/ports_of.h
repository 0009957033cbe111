// SPDX-License-Identifier: Apache-2.0
// What Verilator reads in SystemVerilog sources: the ports of a module, and which files it took.
#pragma once

#include "tb/cosim/contract.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sonic::cosim {

struct rtl_port {
  std::string name;
  std::string direction; ///< input, output, inout
  unsigned width = 1;
};

struct rtl_sources {
  std::vector<rtl_port> ports;
  std::vector<std::filesystem::path> files; ///< with those that are included
};

/// Options that choose the block's module and set its parameters, and the sources, each with its folder for includes.
std::vector<std::string> module_options(const contract& block, const std::vector<std::filesystem::path>& sources);

/// The line of what a tool printed that says what is wrong.
std::string first_error(const std::string& output);

/// Lets Verilator read the sources.
/// @param folder for its output
/// @param where  that named the sources, for messages
/// @throws core::user_error if there is no Verilator, or it refuses the sources
rtl_sources read_sources(const contract& block, const std::vector<std::filesystem::path>& sources,
                         const std::filesystem::path& folder, const std::string& where);

/// @throws core::user_error for the first port of the contract that is missing, has another direction or width, and for
///         a port too many
void check_ports(const contract& block, const std::vector<rtl_port>& ports, const std::string& where);

} // namespace sonic::cosim
