// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sonic::platform {

/// The command line of `sonic platform`.
struct options {
  std::string config;
  std::string elf;
  std::string quantum = "1 us"; ///< a time with its unit
  std::string limit;            ///< of simulated time; empty: none
  std::string json;
  std::optional<std::uint16_t> gdb_port;
  std::vector<std::string> overrides; ///< key.path=value, of the accelerators' architectures
};

} // namespace sonic::platform
