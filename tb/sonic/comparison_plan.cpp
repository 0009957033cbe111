// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/comparison_plan.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;
using config::config_map;
using config::dimension;

constexpr double largest_ratio = 1e12;
constexpr std::string_view every_configuration = "photonic";

fs::path file_of(const config_map& from, std::string_view key, const fs::path& folder) {
  auto path = (folder / from.text(key)).lexically_normal();
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    from.refuse(key, "there is no file " + config::in_quotes(from.text(key)),
                "expected a file, relative to the folder of this one");
  }
  return path;
}

std::vector<accelerator_entry> read_accelerators(const config_map& top, const fs::path& folder) {
  std::vector<accelerator_entry> all;
  for (const auto& entry : top.sections("accelerators", {"configuration", "electronic"})) {
    if (entry.has("configuration") == entry.has("electronic")) {
      top.section("accelerators", {})
          .refuse(entry.name(), "is described by no file, or by two",
                  "expected configuration: FILE or electronic: FILE");
    }
    if (entry.name() == every_configuration) {
      top.section("accelerators", {}).refuse(entry.name(), "stands for every configuration", "expected another name");
    }
    const bool electronic = entry.has("electronic");
    all.push_back({entry.name(), file_of(entry, electronic ? "electronic" : "configuration", folder), electronic});
  }
  if (all.empty()) {
    top.refuse("accelerators", "names no accelerator", "expected a map such as sonic: {configuration: sonic.yaml}");
  }
  return all;
}

std::string names_of(const std::vector<accelerator_entry>& all) {
  std::string names;
  for (const auto& each : all) {
    names += (names.empty() ? "" : ", ") + each.name;
  }
  return names;
}

std::size_t accelerator_named(const config_map& from, std::string_view key, const std::string& name,
                              const std::vector<accelerator_entry>& all) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  if (found == all.end()) {
    from.refuse(key, config::in_quotes(name) + " is no accelerator of this file", "expected one of " + names_of(all));
  }
  return static_cast<std::size_t>(found - all.begin());
}

void read_published(comparison_plan& plan, const config_map& top) {
  for (const auto& entry : top.sections("published", {"fps_per_watt", "energy_per_bit", "hangs_on"})) {
    const auto accelerator =
        accelerator_named(top.section("published", {}), entry.name(), entry.name(), plan.accelerators);
    if (accelerator == plan.reference) {
      top.section("published", {}).refuse(entry.name(), "is the reference", "expected an accelerator beside it");
    }
    const std::string hangs_on = entry.has("hangs_on") ? entry.text("hangs_on") : "";
    for (const auto& [key, kind] : {std::pair{"fps_per_watt", report::ratio_kind::fps_per_watt},
                                    std::pair{"energy_per_bit", report::ratio_kind::energy_per_bit}}) {
      if (entry.has(key)) {
        plan.published.push_back(
            {accelerator, kind, entry.sourced(key, dimension::ratio, 1.0 / largest_ratio, largest_ratio), hangs_on});
      }
    }
  }
}

/// Reports list ratios in the order of the accelerators.
void sort_published(comparison_plan& plan) {
  std::sort(plan.published.begin(), plan.published.end(), [](const published_ratio& a, const published_ratio& b) {
    return std::pair{a.accelerator, a.kind} < std::pair{b.accelerator, b.kind};
  });
}

void read_absolute(comparison_plan& plan, const config_map& top) {
  static const std::vector<std::string_view> measures{"fps_per_watt", "gop_per_s_per_watt", "pj_per_bit"};
  for (const auto& entry : top.sections("absolute", {"accelerator", "about", measures[0], measures[1], measures[2]})) {
    absolute_figure figure;
    figure.name = entry.name();
    figure.accelerator = accelerator_named(entry, "accelerator", entry.text("accelerator"), plan.accelerators);
    figure.about = entry.has("about") ? entry.text("about") : "";
    const auto given = std::count_if(measures.begin(), measures.end(), [&](auto key) { return entry.has(key); });
    if (given != 1) {
      top.section("absolute", {})
          .refuse(entry.name(), "has no figure, or several",
                  fmt::format("expected one of {}", fmt::join(measures, ", ")));
    }
    for (std::size_t i = 0; i < measures.size(); ++i) {
      if (entry.has(measures[i])) {
        figure.measure = static_cast<report::absolute_measure>(i);
        figure.value = entry.sourced(measures[i], dimension::ratio, 1.0 / largest_ratio, largest_ratio);
      }
    }
    plan.absolute.push_back(std::move(figure));
  }
}

void read_overrides(assumption_choice& choice, const config_map& entry, const comparison_plan& plan) {
  const auto sets = entry.section("set", {});
  for (const auto& name : sets.keys()) {
    const auto keys = sets.section(name, {});
    std::vector<std::string> words;
    for (const auto& key : keys.keys()) {
      words.push_back(key + "=" + keys.text(key));
    }
    const auto add = [&](const accelerator_entry& to) {
      auto& all = choice.overrides[to.name];
      all.insert(all.end(), words.begin(), words.end());
    };
    if (name == every_configuration) {
      for (const auto& each : plan.accelerators) {
        if (!each.electronic) {
          add(each);
        }
      }
      continue;
    }
    const auto& to = plan.accelerators[accelerator_named(sets, name, name, plan.accelerators)];
    if (to.electronic) {
      sets.refuse(name, "an electronic baseline has no keys to set", "expected file: {" + name + ": FILE}");
    }
    add(to);
  }
}

assumption_choice read_choice(const config_map& entry, const comparison_plan& plan, const fs::path& folder) {
  assumption_choice choice;
  choice.name = entry.name();
  choice.about = entry.has("about") ? entry.text("about") : "";
  if (entry.has("set")) {
    read_overrides(choice, entry, plan);
  }
  if (entry.has("file")) {
    const auto files = entry.section("file", {});
    for (const auto& name : files.keys()) {
      accelerator_named(files, name, name, plan.accelerators);
      choice.files[name] = file_of(files, name, folder);
    }
  }
  if (entry.has("energy_per_bit")) {
    choice.bits = static_cast<report::bit_kind>(entry.choice("energy_per_bit", {"operand", "parameter"}));
  }
  if (entry.has("average")) {
    choice.average = static_cast<report::average_kind>(entry.choice("average", {"ratios", "means"}));
  }
  if (entry.has("activation_zeros")) {
    choice.activation_zeros = entry.number("activation_zeros", dimension::ratio, 0.0, 0.999);
  }
  return choice;
}

void read_assumptions(comparison_plan& plan, const config_map& top, const fs::path& folder) {
  for (const auto& entry : top.sections("assumptions", {"about", "choices"})) {
    assumption a;
    a.name = entry.name();
    a.about = entry.has("about") ? entry.text("about") : "";
    for (const auto& each :
         entry.sections("choices", {"about", "set", "file", "energy_per_bit", "average", "activation_zeros"})) {
      a.choices.push_back(read_choice(each, plan, folder));
    }
    if (a.choices.size() < 2) {
      entry.refuse("choices", fmt::format("has {} of them", a.choices.size()),
                   "expected two at least, the default first");
    }
    plan.assumptions.push_back(std::move(a));
  }
}

} // namespace

comparison_plan read_plan(const fs::path& file) {
  const auto text = config::read_document(file);
  const config_map top(text, text.root, "",
                       {"name", "networks", "accelerators", "reference", "published", "absolute", "assumptions"});
  const auto folder = file.parent_path();
  comparison_plan plan;
  plan.name = top.text("name");
  plan.networks = read_networks(top, "networks", folder);
  plan.accelerators = read_accelerators(top, folder);
  plan.reference = accelerator_named(top, "reference", top.text("reference"), plan.accelerators);
  if (plan.accelerators[plan.reference].electronic) {
    top.refuse("reference", "is an electronic baseline", "expected a configuration, which is simulated");
  }
  read_published(plan, top);
  sort_published(plan);
  read_absolute(plan, top);
  read_assumptions(plan, top, folder);
  return plan;
}

} // namespace sonic::command
