// SPDX-License-Identifier: Apache-2.0
// Work in processes of their own: SystemC has one simulation a process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <sys/types.h>

namespace sonic::command {

/// Ends this process at once, with nothing of its parent's destroyed or flushed: _exit(), but nothing that the address
/// sanitizer knows for not returning. There it would take SystemC's coroutines for a broken stack and say so on stderr.
void leave(int status);

/// A process that works and sends messages back. It is killed with the object, and dies with its parent.
class child_process {
public:
  /// Passes bytes to the parent; false if nobody listens any more.
  using sender = std::function<bool(const std::vector<std::uint8_t>&)>;

  /// Starts the work. What it throws is thrown by receive().
  /// @throws core::user_error if there can be no more processes
  explicit child_process(const std::function<void(const sender&)>& work);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  child_process(child_process&& other) noexcept;
  child_process& operator=(child_process&&) = delete;
  ~child_process();

  /// The next message.
  /// @throws what the work threw, as the same kind of exception; core::user_error if the process ended before
  std::vector<std::uint8_t> receive();

  /// Readable when receive() need not wait.
  [[nodiscard]] int results() const { return results_; }

private:
  pid_t process_ = -1;
  int results_ = -1;
};

/// Does @p count pieces of work, each in a process of its own, at most @p jobs at once, and hands each one's message to
/// @p take as soon as it is there.
/// @param work sends one message
/// @throws as child_process
void run_in_children(int jobs, std::size_t count,
                     const std::function<void(std::size_t, const child_process::sender&)>& work,
                     const std::function<void(std::size_t, const std::vector<std::uint8_t>&)>& take);

} // namespace sonic::command
