// SPDX-License-Identifier: Apache-2.0
#include "sonic/protocol/checker.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

using sonic::protocol::info_of;
using sonic::protocol::rule;
using sonic::protocol::rule_count;

TEST_CASE("the ids of the rules differ, and each says what is right") {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rule_count; ++i) {
    const auto& info = info_of(static_cast<rule>(i));
    ids.insert(info.id);
    CHECK(std::string(info.says).size() > 20);
    CHECK(std::string(info.clause).substr(0, 1) == "1");
  }
  CHECK(ids.size() == rule_count);
}

TEST_CASE("the documents list every rule with its clause") {
  std::ifstream file(std::string(SONIC_SOURCE_DIR) + "/docs/protocol.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t i = 0; i < rule_count; ++i) {
    const auto& info = info_of(static_cast<rule>(i));
    const auto name = std::string(info.id).substr(std::string("/sonic/protocol/").size());
    CHECK_THAT(text, Catch::Contains("| `" + name + "` | " + info.says + " | " + info.clause + " |"));
  }
}
