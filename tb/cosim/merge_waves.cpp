// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/merge_waves.h"

#include "sonic/core/error.h"
#include "tb/cosim/process.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include <fmt/format.h>

namespace sonic::cosim {

namespace {

/// A short name of printable characters for each number.
std::string identifier(std::uint64_t number) {
  constexpr char first = '!';
  constexpr std::uint64_t count = '~' - '!' + 1;
  std::string name;
  do {
    name += static_cast<char>(first + static_cast<char>(number % count));
    number /= count;
  } while (number > 0);
  return name;
}

/// One dump as it is read: its declarations, then its changes, time by time.
class dump_reader {
public:
  explicit dump_reader(const named_dump& dump) : dump_(dump) {}

  /// Copies the declarations in a scope of their own.
  /// @param signals counts those of all dumps
  void copy_declarations(std::ostream& into, std::uint64_t& signals) {
    into << "$scope module " << dump_.scope << " $end\n";
    std::string word;
    while (*dump_.text >> word && word != "$enddefinitions") {
      const auto text = rest_of(word);
      if (word == "$timescale") {
        check_unit(text);
      } else if (word == "$var") {
        declare(text, into, signals);
      } else if (word == "$scope" || word == "$upscope") {
        into << word << text << "$end\n";
      }
    }
    rest_of(word);
    into << "$upscope $end\n";
    find_first_time();
  }

  [[nodiscard]] std::optional<std::uint64_t> time() const { return time_; }

  /// Copies the changes of the time at hand.
  void copy_changes(std::ostream& into) {
    std::string line;
    if (!early_.empty()) {
      for (const auto& each : early_) {
        copy_change(each, into);
      }
      early_.clear();
      time_ = first_;
      if (!time_ || *time_ > 0) {
        return;
      }
    }
    while (std::getline(*dump_.text, line)) {
      if (line.starts_with('#')) {
        read_time(line);
        return;
      }
      copy_change(line, into);
    }
    time_.reset();
  }

private:
  /// What follows up to $end.
  std::string rest_of(std::string_view /*section*/) const {
    std::string text, word;
    while (*dump_.text >> word && word != "$end") {
      text += ' ' + word;
    }
    return text + ' ';
  }

  void check_unit(const std::string& text) const {
    std::string unit = text;
    unit.erase(std::remove(unit.begin(), unit.end(), ' '), unit.end());
    if (unit != "1ps") {
      throw core::user_error(dump_.scope, fmt::format("the waveform's unit of time is {}", unit), "expected 1ps");
    }
  }

  void declare(const std::string& text, std::ostream& into, std::uint64_t& signals) {
    std::istringstream words(text);
    std::string type, width, name, rest;
    words >> type >> width >> name;
    std::getline(words, rest);
    auto& mine = names_[name]; // one signal may be declared in several places
    if (mine.empty()) {
      mine = identifier(signals++);
    }
    into << "$var " << type << ' ' << width << ' ' << mine << rest << "$end\n";
  }

  /// Values before any time are those of its beginning.
  void find_first_time() {
    std::string line;
    while (!time_ && std::getline(*dump_.text, line)) {
      if (line.starts_with('#')) {
        read_time(line);
      } else if (!line.empty()) {
        early_.push_back(line);
      }
    }
    first_ = time_;
    if (!early_.empty()) {
      time_ = 0;
    }
  }

  void read_time(const std::string& line) {
    std::uint64_t value = 0;
    std::from_chars(line.data() + 1, line.data() + line.size(), value);
    time_ = value;
  }

  void copy_change(const std::string& line, std::ostream& into) const {
    if (line.empty() || line.front() == '$') {
      return; // $dumpvars and its like
    }
    const bool is_vector = line.front() == 'b' || line.front() == 'r' || line.front() == 's';
    const std::size_t name = is_vector ? line.find(' ') + 1 : 1;
    const auto found = names_.find(line.substr(name));
    if (found != names_.end()) {
      into << std::string_view(line).substr(0, name) << found->second << '\n';
    }
  }

  named_dump dump_;
  std::unordered_map<std::string, std::string> names_; ///< in the dump, in the result
  std::optional<std::uint64_t> time_;
  std::vector<std::string> early_; ///< lines before the first time
  std::optional<std::uint64_t> first_;
};

} // namespace

void merge_dumps(const std::vector<named_dump>& dumps, std::ostream& into) {
  into << "$timescale 1ps $end\n";
  std::uint64_t signals = 0;
  std::vector<dump_reader> readers;
  for (const auto& dump : dumps) {
    readers.emplace_back(dump).copy_declarations(into, signals);
  }
  into << "$enddefinitions $end\n";
  while (true) {
    std::optional<std::uint64_t> now;
    for (const auto& each : readers) {
      if (each.time() && (!now || *each.time() < *now)) {
        now = each.time();
      }
    }
    if (!now) {
      return;
    }
    into << '#' << *now << '\n';
    for (auto& each : readers) {
      if (each.time() == now) {
        each.copy_changes(into);
      }
    }
  }
}

namespace {

void convert(const char* tool, const char* from, const std::filesystem::path& source,
             const std::filesystem::path& target) {
  const auto done =
      run_process({tool, from, source.string(), tool == std::string_view("fst2vcd") ? "-o" : "-f", target.string()});
  if (done.status == 127) {
    throw core::user_error("--waves", fmt::format("{} is not installed", tool), "install Debian's package gtkwave");
  }
  if (done.status != 0) {
    throw core::user_error(source.string(), fmt::format("{} failed: {}", tool, done.output), "");
  }
}

} // namespace

void merge_waves(const std::vector<named_waves>& waves, const std::filesystem::path& folder,
                 const std::filesystem::path& into) {
  std::vector<std::ifstream> files;
  std::vector<named_dump> dumps;
  files.reserve(waves.size());
  for (const auto& each : waves) {
    auto dump = each.file;
    if (dump.extension() != ".vcd") {
      dump = folder / (each.scope + ".vcd");
      convert("fst2vcd", "-f", each.file, dump);
    }
    dumps.push_back({each.scope, &files.emplace_back(dump)});
  }
  const auto merged = folder / "merged.vcd";
  {
    std::ofstream out(merged);
    merge_dumps(dumps, out);
    if (!out.flush()) {
      throw core::user_error(merged.string(), "the waveform could not be written", "expected room for it");
    }
  }
  auto result = merged;
  if (into.extension() != ".vcd") {
    result = folder / "merged.fst";
    convert("vcd2fst", "-v", merged, result);
  }
  std::error_code error;
  std::filesystem::rename(result, into, error);
  if (error) {
    throw core::user_error(into.string(), "the waveform could not be put there: " + error.message(), "");
  }
}

} // namespace sonic::cosim
