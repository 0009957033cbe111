// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/locate.h"

#include "sonic/core/error.h"

#include <cstdlib>
#include <set>
#include <system_error>
#include <vector>

#include <dlfcn.h>
#include <link.h>

namespace sonic::config {

namespace {

namespace fs = std::filesystem;

/// The shared library or the program that this function is part of; empty if the system does not tell.
fs::path own_file() {
  Dl_info info{};
  link_map* map = nullptr;
  std::error_code failed;
  const bool known =
      ::dladdr1(reinterpret_cast<const void*>(&own_file), &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) != 0;
  // The program itself has no name in the list of loaded objects.
  const bool library = known && map != nullptr && map->l_name != nullptr && *map->l_name != '\0';
  auto file = library ? fs::canonical(map->l_name, failed) : fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::path() : file;
}

std::vector<fs::path> folders() {
  std::vector<fs::path> all;
  if (const char* named = std::getenv("SONIC_CONFIGS")) {
    all.emplace_back(named);
  }
  all.emplace_back("configs");
  for (fs::path above = own_file().parent_path(); above.has_relative_path(); above = above.parent_path()) {
    all.push_back(above / "configs");
    all.push_back(above / "share" / "sonic-tlm" / "configs");
  }
  return all;
}

/// What the folders offer, for a message.
std::string names_in(const std::vector<fs::path>& searched) {
  std::set<std::string> names;
  std::error_code failed;
  for (const auto& folder : searched) {
    for (fs::directory_iterator file(folder, failed), end; !failed && file != end; file.increment(failed)) {
      if (file->path().extension() == ".yaml") {
        names.insert(file->path().stem().string());
      }
    }
  }
  std::string text;
  for (const auto& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

} // namespace

fs::path find_architecture(const std::string& given) {
  std::error_code failed;
  fs::path path(given);
  if (!given.empty() && (path.has_parent_path() || path.has_extension() || fs::is_regular_file(path, failed))) {
    return path;
  }
  const std::string name = given.empty() ? "sonic" : given;
  const auto searched = folders();
  for (const auto& folder : searched) {
    if (auto file = folder / (name + ".yaml"); fs::is_regular_file(file, failed)) {
      return file;
    }
  }
  const auto there = names_in(searched);
  throw core::user_error("configuration '" + name + "'", "no folder of configurations has it",
                         there.empty() ? "expected a file, or SONIC_CONFIGS naming the folder of sonic.yaml"
                                       : "expected a file, or one of " + there);
}

} // namespace sonic::config
