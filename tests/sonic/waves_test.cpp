// SPDX-License-Identifier: Apache-2.0
// `sonic run --waves`: RTL and model on one axis of time.
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace sonic::tests;
using nlohmann::json;

namespace {

/// Bits of a VCD file as they are at each moment, by the names of their innermost scopes.
class bits {
public:
  explicit bits(const std::string& file) : stream_(file) {
    std::vector<std::string> scopes;
    for (std::string word; stream_ >> word && word != "$enddefinitions";) {
      std::string kind, width, code, name;
      if (word == "$scope") {
        stream_ >> kind >> name;
        scopes.push_back(name);
      } else if (word == "$upscope") {
        scopes.pop_back();
      } else if (word == "$var") {
        stream_ >> kind >> width >> code >> name;
        names_[scopes.back() + "." + name].code = code;
      }
    }
    for (auto& [name, each] : names_) {
      of_code_[each.code].push_back(&each);
    }
  }

  /// Reads the changes of one moment.
  bool next() {
    for (std::string line; std::getline(stream_, line);) {
      if (!line.empty() && line.front() == '#') {
        const auto before = now_ps;
        now_ps = std::stoull(line.substr(1));
        if (begun_) {
          CHECK(now_ps > before);
          return true;
        }
        begun_ = true;
        continue;
      }
      const bool vector = !line.empty() && line.front() == 'b';
      const auto found =
          of_code_.find(line.substr(vector ? line.find(' ') + 1 : std::min<std::size_t>(line.size(), 1)));
      if (found != of_code_.end()) {
        for (auto* each : found->second) {
          each->value = vector ? number(line.substr(1, line.find(' ') - 1)) : line.front() == '1';
        }
      }
    }
    return false;
  }
  [[nodiscard]] std::uint64_t operator[](const std::string& name) const { return names_.at(name).value; }

  std::uint64_t now_ps = 0; ///< of what comes next

private:
  /// 0 for what is unknown or wider than needed here.
  static std::uint64_t number(const std::string& digits) {
    constexpr std::size_t widest = 64;
    const bool known = digits.size() <= widest && digits.find_first_not_of("01") == std::string::npos;
    return known ? std::stoull(digits, nullptr, 2) : 0;
  }

  struct signal {
    std::string code;
    std::uint64_t value = 0;
  };
  std::ifstream stream_;
  std::map<std::string, signal> names_;
  std::map<std::string, std::vector<signal*>> of_code_;
  bool begun_ = false;
};

} // namespace

TEST_CASE("waves of RTL and model: rows and cycles of the report, while a layer runs") {
  if (std::system("command -v fst2vcd >/dev/null && command -v verilator >/dev/null") != 0) {
    WARN("skipped: no GTKWave or no Verilator");
    return;
  }
  const scratch_folder folder;
  const std::string workloads = SONIC_SOURCE_DIR "/configs/workloads/";
  const auto found = run_sonic(folder, {"run", workloads + "mnist.onnx", "--input",
                                        workloads + "digits-images-idx3-ubyte.gz", "--count", "1", "--compare", "0",
                                        "--timing", "approximately_timed", "--set", "index_decoder.model=rtl", "--set",
                                        "index_decoder.decoders=1", "--json", "report.json", "--waves", "waves.vcd"});
  CAPTURE(found.err);
  REQUIRE(found.exit_code == 0);
  std::ifstream stream(folder / "report.json");
  const auto report = json::parse(stream);
  std::uint64_t cycles = 0;
  for (const auto& layer : report.at("layers")) {
    cycles += layer.at("decoder_cycles").get<std::uint64_t>();
  }
  bits b(folder / "waves.vcd");
  std::uint64_t edges = 0, rows = 0, clock = 0, edge_ps = 0, period_ps = ~std::uint64_t{0};
  std::uint64_t running = 0, ended_ps = 0, late_ps = 0;
  bool accepts = false;
  for (auto now_ps = b.now_ps; b.next(); now_ps = b.now_ps) {
    if (b["busy.running"] == 0 && running != 0) {
      ended_ps = now_ps;
    }
    running = b["busy.running"];
    if (b["TOP.clk"] == 1 && clock == 0) {
      period_ps = edges > 0 ? std::min(period_ps, now_ps - edge_ps) : period_ps;
      edge_ps = now_ps;
      ++edges;
      rows += accepts ? 1U : 0U;
      CHECK((!accepts || running != 0 || ended_ps > 0)); // none before the first layer
      late_ps = accepts && running == 0 ? now_ps - ended_ps : late_ps;
    }
    clock = b["TOP.clk"];
    accepts = b["TOP.row_valid"] == 1 && b["TOP.row_ready"] == 1;
  }
  std::cout << rows << " rows in " << edges << " cycles; the report counts " << cycles << " cycles; the last row is "
            << late_ps << " ps late\n";
  CHECK(rows > 0);
  // Rows go through the pins one after the other, where the chip's overlap by the cycles in which their last beats
  // leave.
  CHECK(edges >= cycles);
  CHECK(edges <= cycles + 2 * rows);
  CHECK(late_ps <= 2 * rows * period_ps);
}

TEST_CASE("waves in time that passes in larger steps are refused") {
  const scratch_folder folder;
  const std::string workloads = SONIC_SOURCE_DIR "/configs/workloads/";
  const auto found = run_sonic(folder, {"run", workloads + "mnist.onnx", "--input",
                                        workloads + "digits-images-idx3-ubyte.gz", "--waves", "waves.vcd"});
  CHECK(found.exit_code == 2);
  CHECK(found.err == "sonic: --waves waves.vcd: time passes in larger steps than those of RTL; expected --timing "
                     "approximately_timed\n");
}
