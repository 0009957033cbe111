// SPDX-License-Identifier: Apache-2.0
#include "tests/config/scratch.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <random>
#include <sstream>

namespace sonic::tests {

scratch_folder::scratch_folder()
    : path_(std::filesystem::temp_directory_path() / ("sonic-config-" + std::to_string(std::random_device{}()))) {
  REQUIRE(std::filesystem::create_directory(path_));
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path scratch_folder::write(const std::string& name, std::string_view text) const {
  auto file = path_ / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

std::string read_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  CAPTURE(from);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(from, at + 1) == std::string::npos);
  return text.replace(at, from.size(), to);
}

} // namespace sonic::tests
