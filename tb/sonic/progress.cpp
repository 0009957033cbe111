// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/progress.h"

#include <cstdio>
#include <utility>

#include <unistd.h>

namespace sonic::command {

progress::progress(std::string unit, std::int64_t total, bool quiet)
    : unit_(std::move(unit)), total_(total), terminal_(!quiet && ::isatty(STDERR_FILENO) == 1),
      began_(std::chrono::steady_clock::now()), last_(began_) {}

progress::~progress() {
  if (shown_) {
    std::fputs("\r\033[K", stderr);
  }
}

void progress::advance(std::int64_t by) {
  using namespace std::chrono_literals;
  done_ += by;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now - began_ < 2s || now - last_ < 200ms) {
    return;
  }
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const double left = seconds / static_cast<double>(done_) * static_cast<double>(total_ - done_);
  std::fprintf(stderr, "\r\033[K%lld of %lld %s, %.0f s left", static_cast<long long>(done_),
               static_cast<long long>(total_), unit_.c_str(), left);
}

} // namespace sonic::command
