// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/result_store.h"

#include "sonic/core/error.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <random>

#include <sys/wait.h>
#include <unistd.h>

using namespace sonic;
using explore::result_store;
using explore::task_result;

namespace {

task_result result_of(std::size_t task) {
  const auto t = static_cast<double>(task);
  return {task,
          1.5 + t,
          2.25 + t,
          3 + t,
          4,
          5,
          6,
          7,
          8,
          task,
          task % 3 == 0 ? "too 'large'" : "",
          task % 4 == 0 ? "no" : ""};
}

void check_equal(const task_result& a, const task_result& b) {
  CHECK(explore::to_json(a) == explore::to_json(b));
}

} // namespace

TEST_CASE("results are kept in the order of their tasks, once for each execution") {
  const tests::scratch_folder folder;
  const auto file = folder.path() / "results.sqlite";
  {
    result_store store(file);
    store.add(result_of(5), "b");
    store.add(result_of(2), "a");
    store.add(result_of(5), "b"); // the same execution again
    CHECK(store.executions() == 2);
    auto other = result_of(2);
    other.latency_ns = 99;
    store.add(other, "c"); // another execution of a task that is finished
    CHECK(store.executions() == 3);
  }
  const result_store again(file);
  const auto all = again.all();
  REQUIRE(all.size() == 2);
  check_equal(all[0], result_of(2));
  check_equal(all[1], result_of(5));
  CHECK(again.finished(7) == std::vector<bool>{false, false, true, false, false, true, false});
  CHECK(again.finished(3) == std::vector<bool>{false, false, true});
}

TEST_CASE("a result survives as a file") {
  check_equal(explore::task_result_of(explore::to_json(result_of(3)), "x"), result_of(3));
  for (const auto* text : {"", "{", "{}", "[1]", R"({"task": "a"})"}) {
    CHECK_THROWS_AS(explore::task_result_of(text, "inbox/3.json"), core::user_error);
  }
}

TEST_CASE("what a killed writer had added is there, whole") {
  const tests::scratch_folder folder;
  const auto file = folder.path() / "results.sqlite";
  std::mt19937 random(std::random_device{}());
  std::size_t next = 0;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      result_store store(file);
      for (std::size_t task = next;; ++task) {
        store.add(result_of(task), std::to_string(task));
        if (::write(ends[1], "x", 1) != 1) {
          ::_exit(1);
        }
      }
    }
    ::close(ends[1]);
    char byte = 0;
    std::size_t told = 0;
    for (auto wanted = 1 + random() % 20; told < wanted && ::read(ends[0], &byte, 1) == 1;) {
      ++told;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &byte, 1) == 1) {
      ++told;
    }
    ::close(ends[0]);
    const result_store store(file);
    const auto all = store.all();
    REQUIRE(all.size() >= next + told); // what was said to be there is there
    REQUIRE(all.size() == store.executions());
    for (std::size_t i = 0; i < all.size(); ++i) {
      check_equal(all[i], result_of(i));
    }
    next = all.size();
  }
  WARN(next << " results of ten killed writers");
}

TEST_CASE("what is no database is refused in one sentence and left as it is") {
  const tests::scratch_folder folder;
  const auto file = folder.write("results.sqlite", "this is a text, and not a short one at all");
  CHECK_THROWS_AS(result_store(file), core::user_error);
  CHECK(tests::scratch_folder::read(file) == "this is a text, and not a short one at all");
  CHECK_THROWS_AS(result_store(folder.path() / "missing" / "results.sqlite"), core::user_error);
}
