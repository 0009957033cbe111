// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/result_store.h"

#include "sonic/core/error.h"

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <utility>

namespace sonic::explore {

namespace {

[[noreturn]] void refuse(const std::string& file, sqlite3* handle) {
  throw core::user_error(file, std::string("the results cannot be kept: ") + sqlite3_errmsg(handle),
                         "expected a database of `sonic explore`, in a folder with room that you may write to");
}

/// A prepared statement; steps throw what SQLite says.
class statement {
public:
  statement(sqlite3* handle, std::string file, const char* text) : handle_(handle), file_(std::move(file)) {
    if (sqlite3_prepare_v2(handle, text, -1, &prepared_, nullptr) != SQLITE_OK) {
      refuse(file_, handle);
    }
  }
  ~statement() { sqlite3_finalize(prepared_); }
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  statement& operator<<(double value) { return bound(sqlite3_bind_double(prepared_, ++parameter_, value)); }
  statement& operator<<(std::uint64_t value) {
    return bound(sqlite3_bind_int64(prepared_, ++parameter_, static_cast<sqlite3_int64>(value)));
  }
  statement& operator<<(const std::string& value) {
    return bound(sqlite3_bind_text(prepared_, ++parameter_, value.data(), static_cast<int>(value.size()),
                                   SQLITE_TRANSIENT)); // NOLINT(performance-no-int-to-ptr)
  }
  /// @returns whether there is a row
  bool step() {
    const int done = sqlite3_step(prepared_);
    if (done != SQLITE_ROW && done != SQLITE_DONE) {
      refuse(file_, handle_);
    }
    column_ = 0;
    return done == SQLITE_ROW;
  }
  double real() { return sqlite3_column_double(prepared_, column_++); }
  std::uint64_t whole() { return static_cast<std::uint64_t>(sqlite3_column_int64(prepared_, column_++)); }
  std::string text() {
    const auto* found = reinterpret_cast<const char*>(sqlite3_column_text(prepared_, column_));
    const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column_++));
    return found == nullptr ? std::string() : std::string(found, bytes);
  }

private:
  statement& bound(int done) {
    if (done != SQLITE_OK) {
      refuse(file_, handle_);
    }
    return *this;
  }
  sqlite3* handle_;
  std::string file_;
  sqlite3_stmt* prepared_ = nullptr;
  int parameter_ = 0, column_ = 0;
};

} // namespace

struct result_store::database {
  std::string file;
  sqlite3* handle = nullptr;

  explicit database(std::string name) : file(std::move(name)) {}
  ~database() { sqlite3_close(handle); }
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  void run(const char* text) const { statement(handle, file, text).step(); }
};

result_store::result_store(const std::filesystem::path& path) : database_(std::make_unique<database>(path.string())) {
  if (sqlite3_open(path.c_str(), &database_->handle) != SQLITE_OK) {
    refuse(database_->file, database_->handle);
  }
  constexpr int patience_ms = 60000; // of a reader that looks at the table meanwhile
  sqlite3_busy_timeout(database_->handle, patience_ms);
  database_->run("CREATE TABLE IF NOT EXISTS results (task INTEGER PRIMARY KEY, latency_ns REAL, energy_pj REAL, "
                 "operand_bits REAL, parameter_bits REAL, area_mm2 REAL, fully_active_w REAL, frames INTEGER, "
                 "classified INTEGER, correct INTEGER, refused TEXT, wrong TEXT)");
  database_->run("CREATE TABLE IF NOT EXISTS executions (name TEXT PRIMARY KEY, task INTEGER)");
}

result_store::~result_store() = default;

void result_store::add(const task_result& r, const std::string& execution) {
  auto& db = *database_;
  db.run("BEGIN IMMEDIATE");
  try {
    statement kept(db.handle, db.file, "INSERT OR IGNORE INTO results VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    kept << std::uint64_t{r.task} << r.latency_ns << r.energy_pj << r.operand_bits << r.parameter_bits << r.area_mm2
         << r.fully_active_w << r.frames << r.classified << r.correct << r.refused << r.wrong;
    kept.step();
    statement done(db.handle, db.file, "INSERT OR IGNORE INTO executions VALUES (?,?)");
    done << execution << std::uint64_t{r.task};
    done.step();
    db.run("COMMIT");
  } catch (...) {
    sqlite3_exec(db.handle, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

std::vector<bool> result_store::finished(std::size_t tasks) const {
  std::vector<bool> all(tasks);
  statement rows(database_->handle, database_->file, "SELECT task FROM results");
  while (rows.step()) {
    const auto task = rows.whole();
    if (task < tasks) {
      all[task] = true;
    }
  }
  return all;
}

std::vector<task_result> result_store::all() const {
  std::vector<task_result> found;
  statement rows(database_->handle, database_->file, "SELECT * FROM results ORDER BY task");
  while (rows.step()) {
    task_result r;
    r.task = rows.whole();
    for (auto* field :
         {&r.latency_ns, &r.energy_pj, &r.operand_bits, &r.parameter_bits, &r.area_mm2, &r.fully_active_w}) {
      *field = rows.real();
    }
    for (auto* field : {&r.frames, &r.classified, &r.correct}) {
      *field = rows.whole();
    }
    r.refused = rows.text();
    r.wrong = rows.text();
    found.push_back(std::move(r));
  }
  return found;
}

std::uint64_t result_store::executions() const {
  statement count(database_->handle, database_->file, "SELECT COUNT(*) FROM executions");
  count.step();
  return count.whole();
}

std::string to_json(const task_result& r) {
  return nlohmann::json{{"task", r.task},
                        {"latency_ns", r.latency_ns},
                        {"energy_pj", r.energy_pj},
                        {"operand_bits", r.operand_bits},
                        {"parameter_bits", r.parameter_bits},
                        {"area_mm2", r.area_mm2},
                        {"fully_active_w", r.fully_active_w},
                        {"frames", r.frames},
                        {"classified", r.classified},
                        {"correct", r.correct},
                        {"refused", r.refused},
                        {"wrong", r.wrong}}
      .dump();
}

task_result task_result_of(const std::string& text, const std::string& where) {
  try {
    const auto j = nlohmann::json::parse(text);
    return {j.at("task"),           j.at("latency_ns"), j.at("energy_pj"),      j.at("operand_bits"),
            j.at("parameter_bits"), j.at("area_mm2"),   j.at("fully_active_w"), j.at("frames"),
            j.at("classified"),     j.at("correct"),    j.at("refused"),        j.at("wrong")};
  } catch (const nlohmann::json::exception& e) {
    throw core::user_error(where, std::string("is no result of a task: ") + e.what(),
                           "expected what `sonic explore` wrote; remove the file to have the task done again");
  }
}

} // namespace sonic::explore
