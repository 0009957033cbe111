// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/study.h"

#include "sonic/config/config_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;
using config::config_map;

constexpr unsigned int most_designs = 1000000;

std::string architecture_of(const config_map& top, const fs::path& folder) {
  if (!top.has("architecture")) {
    return "sonic";
  }
  const auto beside = (folder / top.text("architecture")).lexically_normal();
  std::error_code ignored;
  return fs::is_regular_file(beside, ignored) ? fs::absolute(beside).string() : top.text("architecture");
}

std::vector<explore::objective> objectives_of(const config_map& top) {
  std::vector<explore::objective> all;
  const auto map = top.section("objectives", {explore::metric_names.begin(), explore::metric_names.end()});
  for (const auto& name : map.keys()) {
    const auto* const found = std::find(explore::metric_names.begin(), explore::metric_names.end(), name);
    all.push_back({static_cast<explore::metric>(found - explore::metric_names.begin()),
                   map.choice(name, {"smallest", "largest"}) == 1});
  }
  if (all.empty()) {
    top.refuse("objectives", "is empty", "expected at least one metric: fps_per_watt: largest");
  }
  return all;
}

explore::search_settings search_of(const config_map& top) {
  explore::search_settings how;
  if (!top.has("search")) {
    return how;
  }
  const auto map =
      top.section("search", {"method", "evaluations", "seed", "population", "elite", "tournament", "mutation"});
  how.method = static_cast<explore::search_method>(map.choice("method", {"all", "random", "genetic"}));
  const auto allowed = [&](std::string_view key, explore::search_method least) {
    if (map.has(key) && how.method < least) {
      map.refuse(key, "means nothing to this method", "expected method: genetic, or not this key");
    }
    return map.has(key);
  };
  auto& g = how.genetic;
  constexpr unsigned int most = 1000000000;
  constexpr unsigned int largest_population = 100000;
  if (allowed("evaluations", explore::search_method::random)) {
    g.evaluations = map.count("evaluations", 1, most);
  }
  if (allowed("seed", explore::search_method::random)) {
    g.seed = map.count("seed", 0, most);
  }
  if (allowed("population", explore::search_method::genetic)) {
    constexpr unsigned int least = 4;
    g.population = map.count("population", least, largest_population);
  }
  if (allowed("elite", explore::search_method::genetic)) {
    g.elite = map.count("elite", 0, static_cast<unsigned int>(g.population - 1));
  }
  if (allowed("tournament", explore::search_method::genetic)) {
    g.tournament = map.count("tournament", 1, largest_population);
  }
  if (allowed("mutation", explore::search_method::genetic)) {
    g.mutation = map.number("mutation", config::dimension::ratio, 0.0, 1.0);
  }
  g.elite = std::min(g.elite, g.population - 1);
  return how;
}

void read_simulation(const config_map& top, study& to) {
  to.timings = {"loosely_timed"};
  if (!top.has("simulate")) {
    return;
  }
  const auto map = top.section("simulate", {"best", "front", "timings", "frames", "largest_accuracy_loss"});
  if (map.has("best")) {
    to.best = map.count("best", 1, most_designs);
  }
  if (map.has("front")) {
    to.front = map.count("front", 0, most_designs);
  }
  if (map.has("timings")) {
    to.timings = map.list("timings");
    for (auto t = to.timings.begin(); t != to.timings.end(); ++t) {
      if (*t != "loosely_timed" && *t != "approximately_timed") {
        map.refuse("timings", config::in_quotes(*t) + " is not a timing to compare designs by",
                   "expected loosely_timed or approximately_timed");
      }
      if (std::find(to.timings.begin(), t, *t) != t) {
        map.refuse("timings", config::in_quotes(*t) + " is given twice", "expected each once");
      }
    }
  }
  if (map.has("frames")) {
    to.frames = map.count("frames", 1, most_designs);
  }
  if (map.has("largest_accuracy_loss")) {
    constexpr double all_points = 100.0;
    to.largest_accuracy_loss = map.number("largest_accuracy_loss", config::dimension::ratio, 0.0, all_points);
  }
}

} // namespace

study read_study(const fs::path& file) {
  const auto document = config::read_document(file);
  const config_map top(
      document, document.root, "",
      {"title", "architecture", "set", "networks", "space", "constraints", "objectives", "search", "simulate"});
  study s;
  {
    std::ifstream again(file, std::ios::binary);
    s.text.assign(std::istreambuf_iterator<char>(again), {});
  }
  const auto folder = file.parent_path();
  s.title = top.text("title");
  s.architecture = architecture_of(top, folder);
  if (top.has("set")) {
    const auto set = top.section("set", {});
    for (const auto& key : set.keys()) {
      s.overrides.push_back(key + "=" + set.text(key));
    }
  }
  s.networks = read_networks(top, "networks", folder);
  s.space = explore::read_space(top.section("space", {}));
  for (const auto& axis : s.space.axes) {
    if (axis.key == "run.timing") {
      top.refuse("space", "run.timing is not a property of a design", "expected simulate: {timings: [...]}");
    }
  }
  if (top.has("constraints")) {
    for (auto& text : top.list("constraints")) {
      s.constraints.emplace_back(std::move(text), top.where("constraints"));
    }
  }
  s.objectives = objectives_of(top);
  s.search = search_of(top);
  read_simulation(top, s);
  return s;
}

} // namespace sonic::command
