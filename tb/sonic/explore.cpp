// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/explore.h"

#include "sonic/core/error.h"
#include "tb/explore/result_store.h"
#include "tb/report/run_report.h"
#include "tb/sonic/progress.h"
#include "tb/sonic/study_plan.h"
#include "tb/sonic/study_report.h"
#include "tb/sonic/study_tasks.h"

#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <thread>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;
using explore::job_file;

/// "3-7", of @p count tasks.
std::vector<std::size_t> tasks_of(const std::string& text, std::size_t count) {
  std::size_t first = 0;
  std::size_t last = 0;
  const char* end = text.data() + text.size();
  const auto a = std::from_chars(text.data(), end, first);
  const bool dash = a.ec == std::errc() && a.ptr != end && *a.ptr == '-';
  const auto b = dash ? std::from_chars(a.ptr + 1, end, last) : a;
  if (!dash || b.ec != std::errc() || b.ptr != end || first > last || first >= count) {
    throw core::user_error("--tasks " + text, "is not a range of tasks",
                           "expected FIRST-LAST, from 0-0 to 0-" + std::to_string(count - 1));
  }
  std::vector<std::size_t> tasks(std::min(last, count - 1) - first + 1);
  std::iota(tasks.begin(), tasks.end(), first);
  return tasks;
}

/// The plan of this folder, made if there is none.
job_file plan(const explore_options& options, const study_folder& folder) {
  if (options.study.empty()) {
    return explore::read_job_file(folder.jobs());
  }
  auto what = read_study(options.study);
  for (const auto& text : options.overrides) {
    what.overrides.push_back(text);
    what.text += "--set " + text + "\n"; // makes it another study
  }
  if (fs::exists(folder.jobs())) {
    auto jobs = explore::read_job_file(folder.jobs());
    if (jobs.study != what.text) {
      throw core::user_error(options.folder, "holds another study, or this one before it was changed",
                             "expected a folder of its own for each study");
    }
    return jobs;
  }
  frame_source frames;
  frames.data = options.data;
  frames.inputs = options.inputs;
  frames.count = what.frames;
  check_inputs(frames, what.networks);
  auto jobs = plan_of(what, frames);
  explore::write_job_file(folder.jobs(), jobs);
  return jobs;
}

/// Processes of one that was killed are gone a moment after it.
void lock_for_writing(const study_folder& folder) {
  constexpr int tries = 50;
  for (int i = 0; i < tries; ++i) {
    if (folder.lock("writer")) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw core::user_error(folder.file("writer").string(), "another process works on this study",
                         "expected that it has ended, or --tasks for one worker of many");
}

void collect(explore::result_store& store, const study_folder& folder, std::size_t task) {
  const auto file = folder.result(task);
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  store.add(explore::task_result_of(text, file.string()), file.filename().string());
}

} // namespace

bool run_explore(const explore_options& options) {
  const study_folder folder(options.folder);
  if (!options.tasks.empty()) {
    const auto jobs = explore::read_job_file(folder.jobs());
    const auto tasks = tasks_of(options.tasks, jobs.tasks());
    progress bar("tasks", static_cast<std::int64_t>(tasks.size()));
    run_tasks(jobs, folder, tasks, options.jobs, [&](std::size_t) { bar.advance(1); });
    return true;
  }
  lock_for_writing(folder);
  const auto jobs = plan(options, folder);
  if (options.only_plan) {
    std::cout << jobs.tasks() << " tasks in " << folder.jobs().string() << '\n'
              << jobs.search << ", in " << jobs.search_seconds << " s\n";
    return true;
  }
  explore::result_store store(folder.database());
  std::vector<std::size_t> open;
  const auto finished = store.finished(jobs.tasks());
  for (std::size_t task = 0; task < jobs.tasks(); ++task) {
    if (!finished[task] && fs::exists(folder.result(task))) {
      collect(store, folder, task);
    } else if (!finished[task]) {
      open.push_back(task);
    }
  }
  {
    progress bar("tasks", static_cast<std::int64_t>(open.size()));
    run_tasks(jobs, folder, open, options.jobs, [&](std::size_t task) {
      collect(store, folder, task);
      bar.advance(1);
    });
  }
  const auto report = report_of(jobs, store);
  const auto text = to_text(report);
  report::write_file(folder.file("table.txt").string(), text);
  report::write_file(folder.file("report.json").string(), to_json(report));
  report::write_file(folder.file("report.html").string(), to_html(report));
  if (const auto picture = to_svg(report); !picture.empty()) {
    report::write_file(folder.file("front.svg").string(), picture);
  }
  std::cout << text;
  if (report.finished < jobs.tasks()) {
    std::cout << jobs.tasks() - report.finished
              << " tasks are with other workers: run the same command again when they have ended\n";
  }
  return report.right;
}

} // namespace sonic::command
