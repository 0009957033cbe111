// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/job_file.h"

#include "sonic/core/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

#include <unistd.h>

namespace sonic::explore {

namespace {

using nlohmann::json;

constexpr const char* format_name = "sonic-explore-1";

json metrics_json(const metric_values& values) {
  json j;
  for (std::size_t i = 0; i < metric_count; ++i) {
    j[std::string(metric_names[i])] = values[i];
  }
  return j;
}

metric_values metrics_from(const json& j) {
  metric_values values{};
  for (std::size_t i = 0; i < metric_count; ++i) {
    values[i] = j.at(std::string(metric_names[i])).get<double>();
  }
  return values;
}

json network_json(const job_network& n) {
  return {{"name", n.name},     {"model", n.model},   {"dataset", n.dataset},     {"data", n.data},
          {"labels", n.labels}, {"inputs", n.inputs}, {"seed", n.synthetic_seed}, {"frames", n.frames_text}};
}

job_network network_from(const json& j) {
  return {j.at("name"),   j.at("model"),  j.at("dataset"), j.at("data"),
          j.at("labels"), j.at("inputs"), j.at("seed"),    j.at("frames")};
}

metric metric_from(const std::string& name) {
  const auto* const found = std::find(metric_names.begin(), metric_names.end(), name);
  if (found == metric_names.end()) {
    throw core::user_error("objectives", "there is no metric " + name, "");
  }
  return static_cast<metric>(found - metric_names.begin());
}

} // namespace

job_file::task job_file::task_of(std::size_t index) const {
  const std::size_t per_design = networks.size() * timings.size();
  return {index / per_design, index % per_design / timings.size(), index % timings.size()};
}

void write_job_file(const std::filesystem::path& path, const job_file& jobs) {
  json j{{"format", format_name},
         {"title", jobs.title},
         {"architecture", jobs.architecture},
         {"study", jobs.study},
         {"set", jobs.overrides},
         {"timings", jobs.timings},
         {"frames", jobs.frames},
         {"largest_accuracy_loss", jobs.largest_accuracy_loss},
         {"search", jobs.search},
         {"evaluations", jobs.evaluations},
         {"search_seconds", jobs.search_seconds}};
  for (const auto& n : jobs.networks) {
    j["networks"].push_back(network_json(n));
  }
  for (std::size_t i = 0; i < jobs.objectives.size(); ++i) {
    j["objectives"].push_back({{"metric", metric_names[static_cast<std::size_t>(jobs.objectives[i])]},
                               {"largest", static_cast<bool>(jobs.largest[i])}});
  }
  for (const auto& d : jobs.designs) {
    j["designs"].push_back(
        {{"number", d.number}, {"set", d.overrides}, {"estimated", metrics_json(d.estimated)}, {"front", d.front}});
  }
  const auto temporary = path.string() + ".part" + std::to_string(::getpid());
  std::ofstream file(temporary);
  file << j.dump(1) << '\n';
  file.close();
  std::error_code failed;
  if (file) {
    std::filesystem::rename(temporary, path, failed);
  }
  if (!file || failed) {
    std::filesystem::remove(temporary, failed);
    throw core::user_error(path.string(), "cannot be written", "expected a folder with room that you may write to");
  }
}

job_file read_job_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) {
    throw core::user_error(path.string(), "cannot be read", "expected the folder of a study that was begun");
  }
  try {
    const auto j = json::parse(file);
    if (j.at("format") != format_name) {
      throw core::user_error(path.string(), "is of another format", std::string("expected ") + format_name);
    }
    job_file jobs;
    jobs.title = j.at("title");
    jobs.architecture = j.at("architecture");
    jobs.study = j.at("study");
    jobs.overrides = j.at("set").get<std::vector<std::string>>();
    jobs.timings = j.at("timings").get<std::vector<std::string>>();
    jobs.frames = j.at("frames");
    jobs.largest_accuracy_loss = j.at("largest_accuracy_loss");
    jobs.search = j.at("search");
    jobs.evaluations = j.at("evaluations");
    jobs.search_seconds = j.at("search_seconds");
    for (const auto& n : j.at("networks")) {
      jobs.networks.push_back(network_from(n));
    }
    for (const auto& o : j.at("objectives")) {
      jobs.objectives.push_back(metric_from(o.at("metric")));
      jobs.largest.push_back(o.at("largest"));
    }
    for (const auto& d : j.at("designs")) {
      jobs.designs.push_back({d.at("number"), d.at("set"), metrics_from(d.at("estimated")), d.at("front")});
    }
    if (jobs.tasks() == 0) {
      throw core::user_error(path.string(), "has no tasks", "expected designs, networks and timings");
    }
    return jobs;
  } catch (const json::exception& e) {
    throw core::user_error(path.string(), std::string("is no job file: ") + e.what(),
                           "expected what `sonic explore` wrote");
  }
}

} // namespace sonic::explore
