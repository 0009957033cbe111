// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sonic::command {

/// Progress on stderr, only where it is a terminal and the work takes more than two seconds.
class progress {
public:
  /// @param quiet shows nothing
  progress(std::string unit, std::int64_t total, bool quiet = false);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  /// Clears the line.
  ~progress();

  void advance(std::int64_t by);

private:
  std::string unit_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point began_, last_;
};

} // namespace sonic::command
