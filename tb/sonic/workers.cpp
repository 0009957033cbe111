// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/workers.h"

#include "sonic/core/error.h"
#include "tb/sonic/simulator.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sonic::command {

namespace {

/// A message between processes: a length, a kind, and bytes.
enum class message_kind : std::uint8_t { outcome, user_error, mismatch, no_memory, too_long, other };

struct message_header {
  std::uint64_t size = 0;
  message_kind kind = message_kind::outcome;
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

/// Runs first, first + step, ... in this process and sends each outcome.
void work(const prepared& what, std::int64_t first, std::int64_t step, int file) {
  try {
    simulator chip(what);
    for (std::int64_t run = first; run < what.frames.runs; run += step) {
      const auto bytes = encode(chip.run(run));
      if (!send(file, message_kind::outcome, bytes.data(), bytes.size())) {
        return; // nobody listens any more
      }
    }
  } catch (const core::user_error& e) {
    send(file, message_kind::user_error, e.what(), std::strlen(e.what()));
  } catch (const core::mismatch& e) {
    send(file, message_kind::mismatch, e.what(), std::strlen(e.what()));
  } catch (const std::bad_alloc&) {
    send(file, message_kind::no_memory, nullptr, 0);
  } catch (const std::length_error& e) {
    send(file, message_kind::too_long, e.what(), std::strlen(e.what()));
  } catch (const std::exception& e) { // nothing may leave this process through its parent's stack
    send(file, message_kind::other, e.what(), std::strlen(e.what()));
  }
}

/// A process that makes every step-th run.
class worker {
public:
  worker(const prepared& what, std::int64_t first, std::int64_t step) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
      throw core::user_error("--jobs", std::string("a pipe cannot be made: ") + std::strerror(errno),
                             "expected fewer jobs");
    }
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL); // without a reader there is nothing to work for
      ::close(ends[0]);
      work(what, first, step, ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    results_ = ends[0];
    if (process_ < 0) {
      ::close(results_);
      throw core::user_error("--jobs", std::string("a process cannot be started: ") + std::strerror(errno),
                             "expected fewer jobs");
    }
  }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;
  worker(worker&& other) noexcept
      : process_(std::exchange(other.process_, -1)), results_(std::exchange(other.results_, -1)) {}
  worker& operator=(worker&&) = delete;

  ~worker() {
    if (process_ > 0) {
      ::close(results_);
      ::kill(process_, SIGKILL); // has nothing to do any more, or nobody wants it
      ::waitpid(process_, nullptr, 0);
    }
  }

  run_outcome next() {
    message_header header;
    std::vector<std::uint8_t> bytes;
    bool whole = read_whole(results_, &header, sizeof header);
    if (whole) {
      bytes.resize(header.size);
      whole = read_whole(results_, bytes.data(), bytes.size());
    }
    if (!whole) {
      throw core::user_error("--jobs", "a process ended before its work was done: " + end(),
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
    case message_kind::outcome:
      break;
    }
    return decode_outcome(bytes);
  }

private:
  /// How the process ended.
  std::string end() {
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    ::close(results_);
    return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                               : "exit code " + std::to_string(WEXITSTATUS(status));
  }

  pid_t process_ = -1;
  int results_ = -1;
};

} // namespace

void run_all(const prepared& what, int jobs, const std::function<void(run_outcome&&)>& take) {
  const std::int64_t processes = std::min<std::int64_t>(jobs, what.frames.runs);
  if (processes <= 1) {
    simulator chip(what);
    for (std::int64_t run = 0; run < what.frames.runs; ++run) {
      take(chip.run(run));
    }
    return;
  }
  std::cout.flush();
  std::cerr.flush();
  std::vector<worker> workers;
  workers.reserve(static_cast<std::size_t>(processes));
  for (std::int64_t first = 0; first < processes; ++first) {
    workers.emplace_back(what, first, processes);
  }
  for (std::int64_t run = 0; run < what.frames.runs; ++run) {
    take(workers[static_cast<std::size_t>(run % processes)].next());
  }
}

} // namespace sonic::command
