// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/child_process.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <list>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sonic::command {

namespace {

/// A message between processes: a length, a kind, and bytes.
enum class message_kind : std::uint8_t { result, user_error, mismatch, no_memory, too_long, other };

struct message_header {
  std::uint64_t size = 0;
  message_kind kind = message_kind::result;
};

/// Repeats @p move, which is ::read or ::write, until all bytes have passed; false if the other end is gone.
template <class byte, class mover>
bool move_whole(const mover& move, int file, byte* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t done = move(file, bytes, size);
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done <= 0) {
      return false;
    }
    bytes += done;
    size -= static_cast<std::size_t>(done);
  }
  return true;
}

bool write_whole(int file, const void* data, std::size_t size) {
  return move_whole(::write, file, static_cast<const char*>(data), size);
}

bool read_whole(int file, void* data, std::size_t size) {
  return move_whole(::read, file, static_cast<char*>(data), size);
}

bool send(int file, message_kind kind, const void* data, std::size_t size) {
  const message_header header{size, kind};
  return write_whole(file, &header, sizeof header) && write_whole(file, data, size);
}

void work_and_send(const std::function<void(const child_process::sender&)>& work, int file) {
  const auto fail = [file](message_kind kind, const char* words) { send(file, kind, words, std::strlen(words)); };
  try {
    work([file](const std::vector<std::uint8_t>& bytes) {
      return send(file, message_kind::result, bytes.data(), bytes.size());
    });
  } catch (const core::user_error& e) {
    fail(message_kind::user_error, e.what());
  } catch (const core::mismatch& e) {
    fail(message_kind::mismatch, e.what());
  } catch (const std::bad_alloc&) {
    fail(message_kind::no_memory, "");
  } catch (const std::length_error& e) {
    fail(message_kind::too_long, e.what());
  } catch (const std::exception& e) { // nothing may leave this process through its parent's stack
    fail(message_kind::other, e.what());
  }
}

/// How a process ended.
std::string end_of(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                             : "exit code " + std::to_string(WEXITSTATUS(status));
}

} // namespace

void leave(int status) {
  ::syscall(SYS_exit_group, status); // does not return
}

child_process::child_process(const std::function<void(const sender&)>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) {
    throw core::user_error("--jobs", std::string("a pipe cannot be made: ") + std::strerror(errno),
                           "expected fewer jobs");
  }
  std::cout.flush();
  std::cerr.flush();
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // without a reader there is nothing to work for
    ::close(ends[0]);
    work_and_send(work, ends[1]);
    leave(0);
  }
  ::close(ends[1]);
  results_ = ends[0];
  if (process_ < 0) {
    ::close(results_);
    throw core::user_error("--jobs", std::string("a process cannot be started: ") + std::strerror(errno),
                           "expected fewer jobs");
  }
}

child_process::child_process(child_process&& other) noexcept
    : process_(std::exchange(other.process_, -1)), results_(std::exchange(other.results_, -1)) {}

child_process::~child_process() {
  if (process_ > 0) {
    ::close(results_);
    ::kill(process_, SIGKILL); // has nothing to do any more, or nobody wants it
    ::waitpid(process_, nullptr, 0);
  }
}

std::vector<std::uint8_t> child_process::receive() {
  message_header header;
  std::vector<std::uint8_t> bytes;
  bool whole = read_whole(results_, &header, sizeof header);
  if (whole) {
    bytes.resize(header.size);
    whole = read_whole(results_, bytes.data(), bytes.size());
  }
  if (!whole) {
    ::close(results_);
    throw core::user_error("--jobs", "a process ended before its work was done: " + end_of(std::exchange(process_, -1)),
                           "expected enough memory for every job; fewer jobs need less");
  }
  const std::string text(bytes.begin(), bytes.end());
  switch (header.kind) {
  case message_kind::user_error:
    throw core::user_error(text);
  case message_kind::mismatch:
    throw core::mismatch(text);
  case message_kind::no_memory:
    throw std::bad_alloc();
  case message_kind::too_long:
    throw std::length_error(text);
  case message_kind::other:
    throw std::runtime_error(text);
  case message_kind::result:
    break;
  }
  return bytes;
}

void run_in_children(int jobs, std::size_t count,
                     const std::function<void(std::size_t, const child_process::sender&)>& work,
                     const std::function<void(std::size_t, const std::vector<std::uint8_t>&)>& take) {
  struct running {
    std::size_t index;
    child_process process;
  };
  std::list<running> under_way;
  std::vector<pollfd> waiting;
  for (std::size_t next = 0; next < count || !under_way.empty();) {
    while (next < count && under_way.size() < static_cast<std::size_t>(std::max(jobs, 1))) {
      under_way.push_back({next, child_process([&](const child_process::sender& send) { work(next, send); })});
      ++next;
    }
    waiting.clear();
    for (const auto& each : under_way) {
      waiting.push_back({each.process.results(), POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), -1) < 0) {
      continue; // a signal
    }
    std::size_t i = 0;
    for (auto each = under_way.begin(); each != under_way.end(); ++i) {
      if (waiting[i].revents == 0) {
        ++each;
        continue;
      }
      take(each->index, each->process.receive());
      each = under_way.erase(each);
    }
  }
}

} // namespace sonic::command
