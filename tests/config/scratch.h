// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sonic::tests {

/// A folder of its own for each object, removed with it.
class scratch_folder {
public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  /// Writes a file and returns its path.
  std::filesystem::path write(const std::string& name, std::string_view text) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& path);

/// @p text with its only occurrence of @p from replaced; the test fails if there is not exactly one.
std::string replaced(std::string text, std::string_view from, std::string_view to);

} // namespace sonic::tests
