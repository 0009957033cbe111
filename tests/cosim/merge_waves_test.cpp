// SPDX-License-Identifier: Apache-2.0
// Waveforms of several writers become one: names, scopes, order of time.
#include "sonic/core/error.h"
#include "tb/cosim/merge_waves.h"

#include <catch2/catch.hpp>

#include <random>
#include <sstream>

using namespace sonic;
using namespace sonic::cosim;

namespace {

std::string merged(std::vector<std::string> texts) {
  std::vector<std::istringstream> streams;
  for (auto& text : texts) {
    streams.emplace_back(std::move(text));
  }
  std::vector<named_dump> dumps;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    dumps.push_back({std::string(1, static_cast<char>('a' + i)), &streams[i]});
  }
  std::ostringstream into;
  merge_dumps(dumps, into);
  return into.str();
}

} // namespace

TEST_CASE("two dumps by hand") {
  // Values before the first time, as SystemC writes them, and a signal in two scopes, as Verilator does.
  const std::string systemc =
      "$date\n today\n$end\n$timescale\n     1 ps\n$end\n$scope module SystemC $end\n"
      "$var wire    1  aaaaa  running       $end\n$upscope $end\n$enddefinitions  $end\n\n"
      "$comment\nAll initial values are dumped below at time\n0 sec = 0 timescale units.\n$end\n\n"
      "$dumpvars\n0aaaaa\n$end\n\n#5\n1aaaaa\n\n#20\n0aaaaa\n";
  const std::string verilator = "$timescale 1ps $end\n$scope module TOP $end\n$var wire 1 ! clk $end\n"
                                "$scope module x $end\n$var wire 1 ! clk $end\n$var wire 8 \" data [7:0] $end\n"
                                "$upscope $end\n$upscope $end\n$enddefinitions $end\n#0\n0!\nb00000000 \"\n#5\n1!\n"
                                "#7\nb00000011 \"\n";
  CHECK(merged({systemc, verilator}) ==
        "$timescale 1ps $end\n"
        "$scope module a $end\n$scope module SystemC $end\n$var wire 1 ! running $end\n$upscope $end\n$upscope $end\n"
        "$scope module b $end\n$scope module TOP $end\n$var wire 1 \" clk $end\n$scope module x $end\n"
        "$var wire 1 \" clk $end\n$var wire 8 # data [7:0] $end\n$upscope $end\n$upscope $end\n$upscope $end\n"
        "$enddefinitions $end\n"
        "#0\n0!\n0\"\nb00000000 #\n#5\n1!\n1\"\n#7\nb00000011 #\n#20\n0!\n");
}

TEST_CASE("random dumps: every change is there once, and times ascend") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> texts;
    std::size_t changes = 0;
    for (int d = 0; d < 3; ++d) {
      std::string text = "$timescale 1 ps $end\n$scope module m $end\n";
      for (char s = '!'; s < '!' + 5; ++s) {
        text += std::string("$var wire 1 ") + s + " s" + std::to_string(s) + " $end\n";
      }
      text += "$upscope $end\n$enddefinitions $end\n";
      std::uint64_t time = random() % 3;
      for (int i = 0; i < 50; ++i, time += 1 + random() % 4) {
        text += "#" + std::to_string(time) + "\n";
        for (std::uint64_t n = random() % 3; n > 0; --n, ++changes) {
          text += std::string(random() % 2 == 0 ? "0" : "1") + static_cast<char>('!' + random() % 5) + "\n";
        }
      }
      texts.push_back(text);
    }
    std::istringstream lines(merged(texts));
    std::size_t found = 0;
    std::int64_t before = -1;
    bool body = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("$enddefinitions")) {
        body = true;
      } else if (line.starts_with("#") && body) {
        CHECK(std::stoll(line.substr(1)) > before);
        before = std::stoll(line.substr(1));
      } else if (body) {
        ++found;
      }
    }
    CAPTURE(round);
    CHECK(found == changes);
  }
}

TEST_CASE("a dump in another unit of time is refused") {
  CHECK_THROWS_WITH(merged({"$timescale 1 ns $end\n$enddefinitions $end\n#0\n"}),
                    "a: the waveform's unit of time is 1ns; expected 1ps");
}
