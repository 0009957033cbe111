// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/build_rtl.h"

#include "sonic/core/error.h"
#include "tb/cosim/ports_of.h"
#include "tb/cosim/process.h"
#include "tb/cosim/shell.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace sonic::cosim {

namespace {

namespace fs = std::filesystem;

/// FNV-1a, 64 bits: the same in every process, which std::hash need not be.
class digest {
public:
  void add(std::string_view text) {
    for (const char c : text) {
      value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    value_ = (value_ ^ text.size()) * 0x100000001B3U;
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:016x}", value_); }

private:
  std::uint64_t value_ = 0xCBF29CE484222325U;
};

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A folder that is removed in the end.
class working_folder {
public:
  explicit working_folder(const fs::path& in) {
    std::error_code error;
    fs::create_directories(in, error);
    std::string pattern = (in / "building-XXXXXX").string();
    if (error || ::mkdtemp(pattern.data()) == nullptr) {
      throw core::user_error(in.string(), "RTL cannot be built here: the folder cannot be written",
                             "expected SONIC_RTL_CACHE to name a folder that can");
    }
    path_ = pattern;
  }
  working_folder(const working_folder&) = delete;
  working_folder& operator=(const working_folder&) = delete;
  ~working_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

/// Of Verilator, beside what the request says; part of what a library is kept under.
const std::vector<std::string> fixed_options{"--cc",      "--exe",      "--build", "--prefix",   "Vblock",
                                             "-O3",       "--x-assign", "fast",    "--noassert", "-CFLAGS",
                                             "-fPIC -O2", "-LDFLAGS",   "-shared"};

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

shell_options options_of(const rtl_request& request) {
  return {request.waves, !environment("SONIC_RTL_COVERAGE").empty()};
}

void compile(const contract& block, const std::vector<fs::path>& sources, const fs::path& folder,
             const shell_options& with, const std::string& where) {
  const auto shell = folder / "shell.cpp";
  std::ofstream(shell) << shell_source(block, with);
  std::vector<std::string> command{"verilator"};
  command.insert(command.end(), fixed_options.begin(), fixed_options.end());
  command.insert(command.end(), {"--Mdir", (folder / "obj").string(), "-o", (folder / "block.so").string()});
  if (with.waves) {
    command.emplace_back("--trace-fst");
  }
  if (with.coverage) {
    command.insert(command.end(), {"--coverage-line", "--coverage-toggle"});
  }
  const auto options = module_options(block, sources);
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(shell.string());
  const auto done = run_process(command);
  if (done.status != 0) {
    throw core::user_error(where, fmt::format("{} could not be compiled: {}", block.module, first_error(done.output)),
                           "expected g++ and make, which Verilator needs");
  }
}

/// What this process has built, so that it need not read the sources again.
struct built {
  fs::path library;
  std::vector<std::pair<fs::path, std::string>> files; ///< and their contents then

  [[nodiscard]] bool holds() const {
    return fs::exists(library) &&
           std::ranges::all_of(files, [](const auto& file) { return content_of(file.first) == file.second; });
  }
};

std::map<std::string, built>& built_here() {
  static std::map<std::string, built> all;
  return all;
}

std::string key_of(const contract& block, const rtl_request& request, const fs::path& cache) {
  std::string key = fmt::format("{}\n{}\n{}", cache.string(), block.module, request.waves);
  for (const auto& [name, value] : block.parameters) {
    key += fmt::format("\n{}={}", name, value);
  }
  for (const auto& source : request.sources) {
    key += '\n' + fs::absolute(source).string();
  }
  return key;
}

/// What Verilator reads: packages, and the user's files or else our own.
std::vector<fs::path> sources_of(const contract& block, const rtl_request& request, const fs::path& folder) {
  std::vector<fs::path> sources;
  for (const auto& own : block.own) {
    if (request.sources.empty() || !own.is_block) {
      sources.push_back(folder / own.file);
      std::ofstream(sources.back()) << own.text;
    }
  }
  sources.insert(sources.end(), request.sources.begin(), request.sources.end());
  return sources;
}

} // namespace

fs::path rtl_cache() {
  if (const auto own = environment("SONIC_RTL_CACHE"); !own.empty()) {
    return own;
  }
  if (const auto cache = environment("XDG_CACHE_HOME"); !cache.empty()) {
    return fs::path(cache) / "sonic-tlm";
  }
  const auto home = environment("HOME");
  return home.empty() ? fs::temp_directory_path() / "sonic-tlm" : fs::path(home) / ".cache" / "sonic-tlm";
}

fs::path build_rtl(const contract& block, const rtl_request& request) {
  const auto cache = fs::absolute(rtl_cache());
  if (cache.string().find_first_of(" \t") != std::string::npos) {
    throw core::user_error(cache.string(), "RTL cannot be built in a folder with white space in its name",
                           "expected SONIC_RTL_CACHE to name another one");
  }
  const auto request_key = key_of(block, request, cache);
  if (const auto known = built_here().find(request_key); known != built_here().end() && known->second.holds()) {
    return known->second.library;
  }
  const working_folder folder(cache);
  const auto sources = sources_of(block, request, folder.path());
  const auto read = read_sources(block, sources, folder.path(), request.where);
  check_ports(block, read.ports, request.where);

  digest of;
  of.add(run_process({"verilator", "--version"}).output);
  of.add(shell_source(block, options_of(request)));
  for (const auto& option : fixed_options) {
    of.add(option);
  }
  for (const auto& [name, value] : block.parameters) {
    of.add(fmt::format("{}={}", name, value));
  }
  for (const auto& file : read.files) {
    of.add(content_of(file));
  }
  auto library = cache / fmt::format("{}-{}.so", block.module, of.text());
  if (!fs::exists(library)) {
    if (::isatty(STDERR_FILENO) != 0) {
      fmt::print(stderr, "Building {} from RTL, once ...\n", block.module);
    }
    compile(block, sources, folder.path(), options_of(request), request.where);
    fs::rename(folder.path() / "block.so", library); // whole, whoever else builds it
  }
  auto& mine = built_here()[request_key] = {library, {}};
  for (const auto& file : read.files) {
    if (fs::absolute(file).parent_path() != folder.path()) { // else ours, which this program carries
      mine.files.emplace_back(file, content_of(file));
    }
  }
  return library;
}

} // namespace sonic::cosim
