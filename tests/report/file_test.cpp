// SPDX-License-Identifier: Apache-2.0
// A report is written whole or not at all.
#include "tb/report/run_report.h"
#include "tests/support/in_child.h"
#include "tests/support/scratch_folder.h"

#include "sonic/core/error.h"

#include <catch2/catch.hpp>

#include <csignal>
#include <functional>
#include <iterator>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace sonic;
using namespace sonic::tests;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t entries_of(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

/// The message of the user_error that writing gives, in a child process prepared by @p prepare.
std::string refusal(const fs::path& file, const std::string& content, const std::function<void()>& prepare) {
  const auto bytes = in_child([&]() -> std::vector<std::uint8_t> {
    prepare();
    try {
      report::write_file(file, content);
    } catch (const core::user_error& e) {
      const std::string text = e.what();
      return {text.begin(), text.end()};
    }
    return {};
  });
  return {bytes.begin(), bytes.end()};
}

} // namespace

TEST_CASE("a file is replaced by a new one, and no other is left") {
  const scratch_folder folder;
  const auto file = folder / "report.json";
  report::write_file(file, "first");
  report::write_file(file, "second");
  CHECK(content_of(file) == "second");
  CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a folder that does not exist or is a file is the user's mistake") {
  const scratch_folder folder;
  folder.write("plain", "x");
  for (const char* name : {"none/report.json", "plain/report.json"}) {
    const std::string path = (folder / name).string();
    CHECK_THROWS_WITH(report::write_file(path, "x"), Catch::StartsWith(path) && Catch::Contains("cannot be written"));
  }
  CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a name that is a folder is refused, and no temporary file is left") {
  const scratch_folder folder;
  fs::create_directory(folder / "taken");
  CHECK_THROWS_AS(report::write_file(folder / "taken", "x"), core::user_error);
  CHECK(entries_of(folder.path()) == 1);
}

TEST_CASE("a folder without permission to write is the user's mistake") {
  const scratch_folder folder;
  fs::permissions(folder.path(), fs::perms(0555));
  const auto message = refusal(folder / "report.json", "x", [] {
    // Permissions do not bind root.
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && ::seteuid(nobody) != 0) {
      throw std::runtime_error("seteuid failed");
    }
  });
  fs::permissions(folder.path(), fs::perms(0755));
  CHECK_THAT(message, Catch::Contains("cannot be written; expected a writable folder"));
  CHECK(entries_of(folder.path()) == 0);
}

TEST_CASE("where there is no room the old file stays and no temporary file is left") {
  const scratch_folder folder;
  const auto file = folder.write("report.json", "old");
  const auto message = refusal(file, std::string(1 << 20, 'x'), [] {
    std::signal(SIGXFSZ, SIG_IGN); // the write then fails, as on a full disk
    const rlimit small{4096, 4096};
    if (::setrlimit(RLIMIT_FSIZE, &small) != 0) {
      throw std::runtime_error("setrlimit failed");
    }
  });
  CHECK_THAT(message, Catch::Contains("cannot be written"));
  CHECK(content_of(file) == "old");
  CHECK(entries_of(folder.path()) == 1);
}
