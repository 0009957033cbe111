// SPDX-License-Identifier: Apache-2.0
// The three kinds of failure: a user's mistake is a user_error (exit code 2), a wrong result is a failed verdict
// or a mismatch (exit code 1), and a broken invariant is an assertion.
#pragma once

#include "sonic/core/export.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace sonic::core {

/// A mistake in what the user gave: configuration, network, array, program image or command line.
/// The message is one sentence of three parts: where, what is wrong, and what would be right.
class SONIC_EXPORT user_error : public std::runtime_error {
public:
  /// @param where    file, file:line:column, node, option or field
  /// @param problem  what is wrong with it
  /// @param expected what would be right; may be empty where the problem already says it
  user_error(std::string_view where, std::string_view problem, std::string_view expected);
  /// @param sentence what() of one that another process threw
  explicit user_error(const std::string& sentence) : std::runtime_error(sentence) {}
};

/// A wrong result that ends a run at once: two descriptions of the same hardware differ.
class mismatch : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace sonic::core
