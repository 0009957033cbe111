// SPDX-License-Identifier: Apache-2.0
// `sonic run --vcd`: the waveforms against the trace of the same frame.
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

using namespace sonic::tests;
using nlohmann::json;

namespace {

/// Of each signal of a VCD file: value times time, in ps, and the value at the end.
struct wave {
  std::uint64_t area_ps = 0;
  std::uint64_t value = 0;
  std::uint64_t changes = 0;
  std::uint64_t largest = 0;
};

std::map<std::string, wave> waves_of(const std::string& file) {
  std::ifstream stream(file);
  std::map<std::string, std::string> names; // of the file's short codes
  std::map<std::string, wave> waves;
  std::uint64_t now = 0;
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "$var") {
      std::string kind, width, code, name;
      words >> kind >> width >> code >> name;
      names[code] = name;
      waves[name] = {};
    } else if (first.rfind('#', 0) == 0) {
      const auto next = std::stoull(first.substr(1));
      for (auto& [name, w] : waves) {
        w.area_ps += w.value * (next - now);
      }
      now = next;
    } else if (first.rfind('b', 0) == 0) {
      std::string code;
      words >> code;
      auto& w = waves.at(names.at(code));
      w.value = std::stoull(first.substr(1), nullptr, 2);
      w.largest = std::max(w.largest, w.value);
      ++w.changes;
    } else if (names.count(first.substr(first.empty() ? 0 : 1)) > 0) {
      auto& w = waves.at(names.at(first.substr(1)));
      w.value = first[0] == '1' ? 1 : 0;
      ++w.changes;
    }
  }
  return waves;
}

} // namespace

TEST_CASE("waveforms change when the trace says that something begins and ends") {
  const scratch_folder folder;
  const std::string workloads = SONIC_SOURCE_DIR "/configs/workloads/";
  for (const std::string timing : {"loosely_timed", "approximately_timed"}) {
    CAPTURE(timing);
    const auto found = run_sonic(folder, {"run", workloads + "mnist.onnx", "--input",
                                          workloads + "digits-images-idx3-ubyte.gz", "--count", "2", "--compare", "0",
                                          "--timing", timing, "--trace", "trace.json", "--vcd", "waves.vcd"});
    CAPTURE(found.err);
    REQUIRE(found.exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(folder / "waves.vcd.part.vcd"));
    std::ifstream stream(folder / "trace.json");
    const auto trace = json::parse(stream);
    std::map<int, std::string> tracks;
    std::map<std::string, double> busy_us;
    for (const auto& event : trace.at("traceEvents")) {
      if (event.at("name") == "thread_name") {
        tracks[event.at("tid")] = event.at("args").at("name");
      } else if (event.at("ph") == "X") {
        const auto& track = tracks.at(event.at("tid"));
        busy_us[track.substr(0, track.find(" vdu"))] += event.at("dur").get<double>();
      }
    }
    const auto waves = waves_of(folder / "waves.vcd");
    constexpr double us_per_ps = 1e-6;
    for (const auto& [track, signal] : std::map<std::string, std::string>{{"layers", "running"},
                                                                          {"conv", "conv_units"},
                                                                          {"fc", "fc_units"},
                                                                          {"dma_engine, loads", "dma_loads"},
                                                                          {"dma_engine, stores", "dma_stores"}}) {
      CAPTURE(signal);
      const auto& w = waves.at(signal);
      const double drawn_us = static_cast<double>(w.area_ps) * us_per_ps;
      std::cout << timing << ' ' << signal << ": " << drawn_us << " us, deviation "
                << std::abs(drawn_us - busy_us.at(track)) << " us\n";
      CHECK(drawn_us == Approx(busy_us.at(track)).margin(1e-6)); // sums of decimal fractions of a microsecond
      CHECK(w.value == 0);
      CHECK(w.changes > 1);
    }
    CHECK(waves.at("conv_units").largest == 50);
    CHECK(waves.at("fc_units").largest == 10);
    CHECK(waves.at("layers_begun").value == 6);
    CHECK(waves.at("post_processor").changes > 1);
  }
}
