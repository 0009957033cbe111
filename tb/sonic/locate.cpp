// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/locate.h"

#include "sonic/core/error.h"

#include <cstdlib>
#include <system_error>
#include <vector>

namespace sonic::command {

std::filesystem::path find_architecture(const std::string& given) {
  namespace fs = std::filesystem;
  if (!given.empty()) {
    return given;
  }
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("SONIC_CONFIGS")) {
    folders.emplace_back(named);
  }
  folders.emplace_back("configs");
  std::error_code failed;
  for (fs::path above = fs::read_symlink("/proc/self/exe", failed).parent_path(); !failed && above.has_relative_path();
       above = above.parent_path()) {
    folders.push_back(above / "configs");
    folders.push_back(above / "share" / "sonic-tlm" / "configs");
  }
  for (const auto& folder : folders) {
    if (fs::exists(folder / "sonic.yaml", failed)) {
      return folder / "sonic.yaml";
    }
  }
  throw core::user_error("--arch", "no configuration was found",
                         "expected --arch FILE, or SONIC_CONFIGS naming the folder of sonic.yaml");
}

} // namespace sonic::command
