// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sonic::explore {

/// What a task found.
struct task_result {
  std::size_t task = 0;
  double latency_ns = 0, energy_pj = 0; ///< mean of a frame
  double operand_bits = 0, parameter_bits = 0;
  double area_mm2 = 0, fully_active_w = 0;
  std::uint64_t frames = 0, classified = 0, correct = 0; ///< classified: frames with a label
  std::string refused; ///< why the chip does not run the network, in a sentence; else empty
  std::string wrong;   ///< how the results differ from the reference's, in a sentence; else empty
};

/// Results in SQLite. One process writes; it must hold the study's lock.
class result_store {
public:
  /// Opens the file, or makes it. @throws core::user_error if it is no database or cannot be written
  explicit result_store(const std::filesystem::path& path);
  ~result_store();
  result_store(const result_store&) = delete;
  result_store& operator=(const result_store&) = delete;

  /// Adds what one execution of a task found, durably. The same execution is added once, however often it is given; of
  /// several executions of one task the first is kept.
  /// @param execution a name that no other execution has
  void add(const task_result& result, const std::string& execution);

  [[nodiscard]] std::vector<bool> finished(std::size_t tasks) const;
  /// In the order of the tasks.
  [[nodiscard]] std::vector<task_result> all() const;
  /// Executions that were completed, of all tasks together.
  [[nodiscard]] std::uint64_t executions() const;

private:
  struct database;
  std::unique_ptr<database> database_;
};

/// As a file that a worker leaves, and back. @throws core::user_error if the text is damaged
std::string to_json(const task_result& result);
task_result task_result_of(const std::string& text, const std::string& where);

} // namespace sonic::explore
