// SPDX-License-Identifier: Apache-2.0
#include "tb/report/run_report.h"

#include "sonic/core/error.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <unistd.h>

namespace sonic::report {

void write_file(const std::string& path, const std::string& content) {
  const std::string temporary = path + "." + std::to_string(::getpid()) + ".tmp";
  {
    std::ofstream file(temporary, std::ios::binary);
    file << content;
    file.close();
    if (!file) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      throw core::user_error(path, "cannot be written", "expected a writable folder with room");
    }
  }
  std::error_code failed;
  std::filesystem::rename(temporary, path, failed);
  if (failed) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw core::user_error(path, "cannot be written: " + failed.message(), "expected the name of a file");
  }
}

} // namespace sonic::report
