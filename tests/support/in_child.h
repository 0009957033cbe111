// SPDX-License-Identifier: Apache-2.0
// SystemC elaborates once per process. A test that compares several chips runs each in a child of its own.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace sonic::tests {

/// _exit(), which the address sanitizer does not know for one that does not return: after SystemC's coroutines it would
/// print that it cannot clean up the stack, or end in a false report of its own.
inline void leave(int status) {
  void (*volatile without_return)(int) = ::_exit;
  without_return(status);
}

/// Runs @p work in a forked child and returns the bytes that it gave. The caller must not have started SystemC.
/// @throws std::runtime_error if the child did not end well
inline std::vector<std::uint8_t> in_child(const std::function<std::vector<std::uint8_t>()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) {
    throw std::runtime_error("no pipe");
  }
  const pid_t child = ::fork();
  if (child < 0) {
    throw std::runtime_error("no child process");
  }
  if (child == 0) {
    ::close(ends[0]);
    int status = 0;
    try {
      const auto bytes = work();
      for (std::size_t done = 0; done < bytes.size();) {
        const auto written = ::write(ends[1], bytes.data() + done, bytes.size() - done);
        if (written <= 0) {
          throw std::runtime_error("the parent reads no more");
        }
        done += static_cast<std::size_t>(written);
      }
    } catch (const std::exception& e) {
      const std::string text = std::string(e.what()) + "\n";
      [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
      status = 2;
    }
    leave(status);
  }
  ::close(ends[1]);
  std::vector<std::uint8_t> bytes;
  std::uint8_t part[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], part, sizeof(part))) != 0;) {
    if (count > 0) {
      bytes.insert(bytes.end(), part, part + count);
    } else if (errno != EINTR) {
      throw std::runtime_error("what the child process gave cannot be read");
    }
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error(WIFSIGNALED(status)
                                 ? "the child process was ended by signal " + std::to_string(WTERMSIG(status))
                                 : "the child process ended with " + std::to_string(WEXITSTATUS(status)));
  }
  return bytes;
}

/// The same of plain values.
template <class value>
std::vector<value> values_in_child(const std::function<std::vector<value>()>& work) {
  static_assert(std::is_trivially_copyable_v<value>);
  const auto bytes = in_child([&work] {
    const auto values = work();
    std::vector<std::uint8_t> out(values.size() * sizeof(value));
    std::copy_n(reinterpret_cast<const std::uint8_t*>(values.data()), out.size(), out.begin());
    return out;
  });
  std::vector<value> values(bytes.size() / sizeof(value));
  std::copy_n(bytes.begin(), bytes.size(), reinterpret_cast<std::uint8_t*>(values.data()));
  return values;
}

} // namespace sonic::tests
