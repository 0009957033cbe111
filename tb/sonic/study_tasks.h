// SPDX-License-Identifier: Apache-2.0
// Tasks of a study as processes of their own. Whatever kills them, no result is lost and no task is done twice: a task
// holds a lock while it works, and its result appears whole, under its own name, or not at all.
#pragma once

#include "tb/explore/job_file.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sonic::command {

/// What a study keeps in its folder.
class study_folder {
public:
  /// Makes the folder if it is not there. @throws core::user_error if that cannot be
  explicit study_folder(std::filesystem::path path);

  [[nodiscard]] std::filesystem::path jobs() const { return path_ / "jobs.json"; }
  [[nodiscard]] std::filesystem::path database() const { return path_ / "results.sqlite"; }
  [[nodiscard]] std::filesystem::path result(std::size_t task) const;
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return path_ / name; }

  /// Locks for as long as the process lives; only one may hold @p name. @returns whether this one does
  [[nodiscard]] bool lock(const std::string& name, std::size_t byte = 0) const;

private:
  std::filesystem::path path_;
};

/// Runs those tasks that have no result, at most @p jobs at a time. A task that another process works on is left to it.
/// @param done called after each task that this call ran to its end
/// @throws core::user_error if a process cannot be started, or a task ends without a result
void run_tasks(const explore::job_file& jobs, const study_folder& folder, const std::vector<std::size_t>& tasks,
               int processes, const std::function<void(std::size_t)>& done);

} // namespace sonic::command
