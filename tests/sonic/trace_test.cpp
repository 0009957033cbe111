// SPDX-License-Identifier: Apache-2.0
// `sonic run --trace`: the file against what the viewers' format asks for, and against the report of the same run.
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace sonic::tests;
using nlohmann::json;

namespace {

json read_json(const std::string& file) {
  std::ifstream stream(file);
  return json::parse(stream);
}

struct track {
  std::string name;
  std::vector<json> events;
};

std::map<int, track> tracks_of(const json& trace) {
  std::map<int, track> tracks;
  for (const auto& event : trace.at("traceEvents")) {
    CHECK(event.at("pid") == 1);
    if (event.at("ph") == "X") {
      CHECK(event.at("ts").get<double>() >= 0.0);
      CHECK(event.at("dur").get<double>() >= 0.0);
      CHECK(event.at("args").size() == 1);
      tracks[event.at("tid")].events.push_back(event);
    } else {
      CHECK(event.at("ph") == "M");
      if (event.at("name") == "thread_name") {
        tracks[event.at("tid")].name = event.at("args").at("name");
      }
    }
  }
  return tracks;
}

} // namespace

TEST_CASE("a trace shows every part at work, and no part twice at a time") {
  const scratch_folder folder;
  const std::string workloads = SONIC_SOURCE_DIR "/configs/workloads/";
  const auto jobs = GENERATE("1", "2");
  const auto found = run_sonic(folder, {"run", workloads + "mnist.onnx", "--input",
                                        workloads + "digits-images-idx3-ubyte.gz", "--count", "2", "--compare", "0",
                                        "--jobs", jobs, "--trace", "trace.json", "--json", "report.json"});
  CAPTURE(found.err);
  REQUIRE(found.exit_code == 0);
  const auto report = read_json(folder / "report.json");
  auto tracks = tracks_of(read_json(folder / "trace.json"));
  constexpr double ps = 1e-6; // in microseconds

  std::map<std::string, double> amounts;
  for (auto& [id, t] : tracks) {
    CAPTURE(t.name);
    CHECK_FALSE(t.name.empty());
    std::sort(t.events.begin(), t.events.end(), [](const json& a, const json& b) { return a.at("ts") < b.at("ts"); });
    double end = 0.0;
    for (const auto& e : t.events) {
      CHECK(e.at("ts").get<double>() >= end - ps);
      end = e.at("ts").get<double>() + e.at("dur").get<double>();
      const auto what = e.at("args").begin();
      if (what.key() == "symbols") {
        amounts[t.name.substr(0, t.name.find(' '))] += what->get<double>();
      } else if (what.key() != "layer") {
        amounts[t.name] += what->get<double>();
      }
    }
  }
  CHECK(tracks.at(1).name == "layers");
  REQUIRE(tracks.at(1).events.size() == report.at("layers").size());

  // The report sums over two frames, whose CONV work is the same; loads are too, stores and elements always.
  double conv_symbols = 0.0;
  double stored = 0.0;
  double elements = 0.0;
  double loaded = 0.0;
  for (std::size_t i = 0; i < report.at("layers").size(); ++i) {
    const auto& l = report.at("layers")[i];
    CHECK(tracks.at(1).events[i].at("name") == l.at("name"));
    conv_symbols += l.at("conv").at("symbols").get<double>() / 2;
    stored += l.at("bytes_stored").get<double>() / 2;
    loaded += l.at("bytes_loaded").get<double>() / 2;
    elements += l.at("post_elements").get<double>() / 2;
  }
  CHECK(amounts.at("conv") == conv_symbols);
  CHECK(amounts.at("fc") > 0.0);
  CHECK(amounts.at("dma_engine, stores") == stored);
  // Fetches of descriptors belong to no layer's bytes.
  CHECK(amounts.at("dma_engine, loads") == loaded + 256.0 * static_cast<double>(report.at("layers").size()));
  CHECK(amounts.at("post_processor") == elements);
  const auto& last = tracks.at(1).events.back();
  const double latency_us = last.at("ts").get<double>() + last.at("dur").get<double>();
  CHECK(latency_us * 1e3 >= report.at("latency_ns").at("least").get<double>() - 0.001);
  CHECK(latency_us * 1e3 <= report.at("latency_ns").at("most").get<double>() + 0.001);
}

TEST_CASE("a trace that cannot be written is refused before the run") {
  const scratch_folder folder;
  write_good_files(folder);
  check_refused(folder, {{"run", "good.onnx", "--input", "good.npy", "--trace", "no/folder/t.json"},
                         {"--trace", "no/folder/t.json", "written"}});
}
