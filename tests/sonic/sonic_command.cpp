// SPDX-License-Identifier: Apache-2.0
#include "tests/sonic/sonic_command.h"

#include "tests/support/onnx_builder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sonic::tests {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void redirect(const fs::path& file, int descriptor) {
  const int target = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (target < 0 || ::dup2(target, descriptor) < 0) {
    ::_exit(126);
  }
}

} // namespace

command_result run_sonic(const scratch_folder& folder, const std::vector<std::string>& arguments) {
  const scratch_folder streams;
  std::vector<std::string> words{SONIC_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const fs::path out = streams / "out";
  const fs::path err = streams / "err";
  const pid_t child = ::fork();
  if (child == 0) {
    redirect(out, STDOUT_FILENO);
    redirect(err, STDERR_FILENO);
    ::unsetenv("SONIC_DATA");
    ::setenv("SONIC_CONFIGS", SONIC_SOURCE_DIR "/configs", 1);
    if (::chdir(folder.path().c_str()) == 0) {
      ::execv(argv[0], argv.data());
    }
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) {
    throw std::runtime_error("cannot run " + words.front());
  }
  command_result result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = text_of(out);
  result.err = text_of(err);
  return result;
}

void check_refused(const scratch_folder& folder, const mistake& m) {
  std::vector<std::string> arguments = m.arguments;
  const auto given = [&](const char* option) {
    return std::find(arguments.begin(), arguments.end(), option) != arguments.end();
  };
  if (!arguments.empty() && arguments.front() == "run") {
    for (const auto& [option, file] : {std::pair{"--json", "report.json"}, {"--output", "outputs.npz"}}) {
      if (!given(option)) {
        arguments.insert(arguments.begin() + 1, {option, file});
      }
    }
  }
  const auto found = run_sonic(folder, arguments);
  CAPTURE(m.arguments, found.err);
  CHECK(found.exit_code == 2);
  CHECK(found.out.empty());
  CHECK(found.err.rfind("sonic: ", 0) == 0);
  CHECK(found.err.size() > 1);
  CHECK(found.err.find('\n') == found.err.size() - 1);
  for (const auto& word : m.words) {
    CHECK_THAT(found.err, Catch::Contains(word));
  }
  CHECK_FALSE(fs::exists(folder / "report.json"));
  CHECK_FALSE(fs::exists(folder / "outputs.npz"));
}

std::string float_bytes(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

std::string npy_bytes(const std::string& type, const std::string& extents, const std::string& data) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + extents + "), }\n";
  std::string head = "\x93NUMPY\x01";
  head += '\0';
  head += static_cast<char>(text.size());
  head += '\0';
  return head + text + data;
}

void write_good_files(const scratch_folder& folder) {
  onnx_builder model(13);
  model.input("x", {-1, 4}).output("y");
  model.floats("w", {4, 3}, {0.5F, -1, 0, 0.25F, 0, 1, -0.5F, 0.75F, 0, 1, 0, -1});
  model.node("MatMul", {"x", "w"}, {"m"}).node("Relu", {"m"}, {"y"});
  model.save(folder / "good.onnx");
  std::vector<float> values;
  for (int i = 0; i < 24; ++i) {
    values.push_back(static_cast<float>((i * 7) % 11) / 8.0F - 0.5F);
  }
  folder.write("good.npy", npy_bytes("<f4", "6, 4", float_bytes(values)));
}

} // namespace sonic::tests
