// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/study_tasks.h"

#include "sonic/core/error.h"
#include "tb/explore/result_store.h"
#include "tb/report/accounting.h"
#include "tb/sonic/child_process.h"
#include "tb/sonic/session.h"
#include "tb/sonic/study_plan.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;
using explore::task_result;

constexpr int finished = 0;
constexpr int failed = 1; // what went wrong is on stderr
constexpr int left_to_another = 2;

task_result result_of(const explore::job_file& jobs, std::size_t task) {
  task_result found;
  found.task = task;
  try {
    const auto r = run_session(options_of(jobs, task));
    found.latency_ns = r.latency_ns.mean;
    found.energy_pj = r.energy_pj.mean;
    found.operand_bits = r.operand_bits;
    found.parameter_bits = report::parameter_bits(r.parameters);
    found.area_mm2 = energy::total_mm2(r.area);
    found.fully_active_w = r.fully_active_w;
    found.frames = r.images;
    found.classified = r.classified ? r.classes.images : 0;
    found.correct = r.classes.correct;
    found.wrong = r.passed ? "" : r.failure;
  } catch (const core::user_error& e) {
    found.refused = e.what();
  } catch (const std::bad_alloc&) {
    found.refused = "there is not enough memory for it";
  }
  return found;
}

/// The result appears under its name as a whole; one that is there already stays.
void leave_result(const study_folder& folder, const task_result& result) {
  const auto name = folder.result(result.task);
  const auto part = name.string() + "." + std::to_string(::getpid()) + ".part";
  {
    std::ofstream file(part);
    file << to_json(result) << '\n';
    file.close();
    if (!file) {
      throw core::user_error(part, "cannot be written", "expected a folder with room that you may write to");
    }
  }
  const bool fresh = ::link(part.c_str(), name.c_str()) == 0;
  const int fault = errno;
  ::unlink(part.c_str());
  if (!fresh && fault != EEXIST) {
    throw core::user_error(name.string(), std::string("cannot be written: ") + std::strerror(fault),
                           "expected a file system with hard links");
  }
  std::ofstream(folder.file("executions.log"), std::ios::app) << (std::to_string(result.task) + "\n") << std::flush;
}

int work(const explore::job_file& jobs, const study_folder& folder, std::size_t task) {
  if (!folder.lock("claims", task) || fs::exists(folder.result(task))) {
    return left_to_another;
  }
  try {
    leave_result(folder, result_of(jobs, task));
    return finished;
  } catch (const std::exception& e) { // nothing may leave this process through its parent's stack
    std::cerr << "sonic: task " << task << ": " << e.what() << std::endl;
    return failed;
  }
}

pid_t start(const explore::job_file& jobs, const study_folder& folder, std::size_t task) {
  std::cout.flush();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // whoever goes on must find the task free
    leave(::getppid() == parent ? work(jobs, folder, task) : left_to_another);
  }
  if (child < 0) {
    throw core::user_error("--jobs", std::string("a process cannot be started: ") + std::strerror(errno),
                           "expected fewer jobs");
  }
  return child;
}

} // namespace

study_folder::study_folder(fs::path path) : path_(std::move(path)) {
  std::error_code fault;
  fs::create_directories(path_ / "results", fault);
  if (!fs::is_directory(path_ / "results") || ::access(path_.c_str(), W_OK) != 0) {
    throw core::user_error(path_.string(), "the study cannot be kept there",
                           "expected a folder that you may write to, or the name of a new one");
  }
}

fs::path study_folder::result(std::size_t task) const {
  return path_ / "results" / (std::to_string(task) + ".json");
}

bool study_folder::lock(const std::string& name, std::size_t byte) const {
  // Of the open file, which stays open: the lock goes with the process, however it ends.
  const int file = ::open((path_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) {
    throw core::user_error((path_ / name).string(), std::string("cannot be opened: ") + std::strerror(errno),
                           "expected a folder that you may write to");
  }
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(byte);
  range.l_len = 1;
  if (::fcntl(file, F_OFD_SETLK, &range) == 0) {
    return true;
  }
  ::close(file);
  return false;
}

void run_tasks(const explore::job_file& jobs, const study_folder& folder, const std::vector<std::size_t>& tasks,
               int processes, const std::function<void(std::size_t)>& done) {
  std::map<pid_t, std::size_t> running;
  std::size_t next = 0;
  std::string problem;
  while (next < tasks.size() || !running.empty()) {
    while (problem.empty() && next < tasks.size() && running.size() < static_cast<std::size_t>(processes)) {
      running.emplace(start(jobs, folder, tasks[next]), tasks[next]);
      ++next;
    }
    if (running.empty()) {
      break;
    }
    int status = 0;
    const pid_t ended = ::wait(&status);
    const auto found = running.find(ended);
    if (found == running.end()) {
      continue;
    }
    const auto task = found->second;
    running.erase(found);
    if (WIFEXITED(status) && WEXITSTATUS(status) == finished) {
      done(task);
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != left_to_another) {
      problem = "task " + std::to_string(task);
    }
  }
  if (!problem.empty()) {
    throw core::user_error(problem, "its process ended without a result",
                           "expected enough memory for every job; run the same command again to go on");
  }
}

} // namespace sonic::command
