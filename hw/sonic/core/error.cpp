// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"

namespace sonic::core {

namespace {

std::string sentence(std::string_view where, std::string_view problem, std::string_view expected) {
  std::string text;
  text.append(where).append(": ").append(problem);
  if (!expected.empty()) {
    text.append("; ").append(expected);
  }
  return text;
}

} // namespace

user_error::user_error(std::string_view where, std::string_view problem, std::string_view expected)
    : std::runtime_error(sentence(where, problem, expected)) {}

} // namespace sonic::core
