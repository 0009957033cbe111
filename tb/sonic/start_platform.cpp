// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/start_platform.h"

#include "sonic/core/error.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace sonic::command {

void start_platform(char** arguments) {
  namespace fs = std::filesystem;
  std::error_code failed;
  std::string program = (fs::read_symlink("/proc/self/exe", failed).parent_path() / "sonic-platform").string();
  if (failed || !fs::exists(program, failed)) {
    throw core::user_error("platform", "the program sonic-platform is not beside this one: it was not built",
                           "expected a build with Unicorn and libelf installed, see docs/building.md");
  }
  std::vector<char*> words{program.data()};
  while (*arguments != nullptr) {
    words.push_back(*arguments++);
  }
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  throw core::user_error("platform", program + " cannot be started: " + std::strerror(errno),
                         "expected a program of this system");
}

} // namespace sonic::command
