// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/twin.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include <fmt/format.h>

namespace sonic::cosim {

// Files named in the configuration are relative to its folder, those of the command line to the working folder.
rtl_request request_of(const config::architecture& a, std::string_view section, const config::counted_block& block,
                       bool waves) {
  rtl_request request;
  request.waves = waves;
  const auto sources = fmt::format("{}.sources", section);
  const auto given = std::find_if(a.keys.begin(), a.keys.end(), [&](const auto& key) { return key.key == sources; });
  if (block.own_sources() || given == a.keys.end()) {
    request.where = fmt::format("{}.model", section);
    return request;
  }
  request.where = fmt::format("{}: {}", given->where, sources);
  std::filesystem::path folder;
  if (!given->where.starts_with("--set")) {
    const auto column = given->where.rfind(':'), line = given->where.rfind(':', column - 1);
    folder = std::filesystem::path(given->where.substr(0, line)).parent_path();
  }
  std::istringstream names(block.sources);
  for (std::string name; names >> name;) {
    request.sources.push_back(folder / name);
    if (!std::filesystem::is_regular_file(request.sources.back())) {
      throw core::user_error(request.where, fmt::format("there is no file \"{}\"", request.sources.back().string()),
                             "expected SystemVerilog files, relative to the folder of the configuration");
    }
  }
  return request;
}

} // namespace sonic::cosim
