// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/array_io.h"
#include "tests/support/scratch_folder.h"

#include "sonic/core/error.h"

#include <string>

namespace sonic::tests {

/// The sentence with which reading a file is refused, less its name; empty if it is not.
template <typename reader>
std::string refusal_of(const std::filesystem::path& file, reader read) {
  try {
    read(file);
    return "";
  } catch (const core::user_error& error) {
    const std::string text = error.what();
    return text.rfind(file.string(), 0) == 0 ? text.substr(file.string().size()) : "no file named: " + text;
  }
}

inline std::string refusal_of(const std::filesystem::path& file) {
  return refusal_of(file, [](const std::filesystem::path& path) { workload::load_arrays(path); });
}

/// Bytes given as numbers.
inline std::string bytes(std::initializer_list<int> numbers) {
  std::string text;
  for (const int number : numbers) {
    text += static_cast<char>(number);
  }
  return text;
}

/// A .npy file of version 1 by hand.
inline std::string npy(const std::string& type, const std::string& order, const std::string& extents,
                       const std::string& data) {
  const std::string text = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (" + extents + "), }\n";
  return "\x93NUMPY" + bytes({1, 0, static_cast<int>(text.size()), 0}) + text + data;
}

} // namespace sonic::tests
