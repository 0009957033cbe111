// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/console.h"

#include <array>
#include <iostream>

#include <poll.h>
#include <unistd.h>

namespace sonic::platform {

void send_to_stdout(char c) {
  std::cout.put(c);
  if (c == '\n') {
    std::cout.flush();
  }
}

std::optional<std::string> receive_from_stdin() {
  pollfd asked{STDIN_FILENO, POLLIN, 0};
  if (::poll(&asked, 1, 0) <= 0) {
    return std::string();
  }
  std::array<char, 256> part;
  const auto count = ::read(STDIN_FILENO, part.data(), part.size());
  if (count <= 0) {
    return std::nullopt;
  }
  return std::string(part.data(), static_cast<std::size_t>(count));
}

} // namespace sonic::platform
