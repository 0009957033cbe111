// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/study_plan.h"

#include "sonic/config/load.h"
#include "sonic/config/locate.h"
#include "sonic/core/error.h"
#include "tb/sonic/network_estimates.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

namespace sonic::command {

namespace {

namespace fs = std::filesystem;
using explore::job_design;
using explore::job_file;

explore::job_network job_network_of(const network_entry& entry, const frame_source& frames) {
  run_options run;
  run.model = entry.model;
  const auto text = choose_frames(run, entry, frames);
  const auto absolute = [](const std::string& file) { return file.empty() ? file : fs::absolute(file).string(); };
  explore::job_network n;
  n.name = entry.name;
  n.model = absolute(run.model);
  n.dataset = run.dataset;
  n.data = absolute(run.data);
  n.labels = absolute(run.labels);
  for (const auto& input : run.inputs) {
    n.inputs.push_back(absolute(input));
  }
  n.synthetic_seed = run.synthetic_seed.value_or(0);
  n.frames_text = text;
  return n;
}

run_options options_of(const explore::job_network& n, std::int64_t frames) {
  run_options run;
  run.model = n.model;
  run.dataset = n.dataset;
  run.data = n.data;
  run.labels = n.labels;
  run.inputs = n.inputs;
  if (run.inputs.empty() && run.data.empty()) {
    run.synthetic_seed = n.synthetic_seed;
  }
  run.count = frames;
  return run;
}

std::vector<explore::job_network> job_networks_of(const study& what, const frame_source& frames) {
  std::vector<explore::job_network> networks;
  std::transform(what.networks.begin(), what.networks.end(), std::back_inserter(networks),
                 [&](const network_entry& entry) { return job_network_of(entry, frames); });
  return networks;
}

std::vector<run_options> one_frame_each(const std::vector<explore::job_network>& networks) {
  std::vector<run_options> runs;
  std::transform(networks.begin(), networks.end(), std::back_inserter(runs),
                 [](const explore::job_network& n) { return options_of(n, 1); });
  return runs;
}

std::string sentence_of(const explore::search_settings& how, const explore::exploration& found, std::uint64_t size) {
  const auto word = how.method == explore::search_method::all      ? "exhaustive"
                    : how.method == explore::search_method::random ? "random"
                                                                   : "genetic";
  return fmt::format("{} search of {} designs: {} estimated, {} of them refused", word, size, found.evaluations,
                     found.refused);
}

/// At most @p most designs of the front, as evenly as it goes along the first objective, both ends among them.
std::vector<explore::judged_design> spread(std::vector<explore::judged_design> front, explore::metric along,
                                           std::size_t most) {
  std::stable_sort(front.begin(), front.end(), [along](const auto& a, const auto& b) {
    return value_of(a.values, along) < value_of(b.values, along);
  });
  if (front.size() <= most) {
    return front;
  }
  std::vector<explore::judged_design> some;
  some.reserve(most);
  for (std::size_t i = 0; i < most; ++i) {
    some.push_back(front[most == 1 ? 0 : i * (front.size() - 1) / (most - 1)]);
  }
  return some;
}

/// Best and front, each design once, in that order.
std::vector<job_design> chosen_designs(const study& what, const explore::exploration& found) {
  std::vector<job_design> designs;
  std::set<std::uint64_t> front;
  for (const auto& d : found.front) {
    front.insert(d.number);
  }
  std::set<std::uint64_t> taken;
  const auto take = [&](const std::vector<explore::judged_design>& from, std::size_t most) {
    for (std::size_t i = 0; i < std::min(most, from.size()); ++i) {
      if (taken.insert(from[i].number).second) {
        designs.push_back(
            {from[i].number, what.space.overrides(from[i].chosen), from[i].values, front.contains(from[i].number)});
      }
    }
  };
  take(found.best, what.best);
  take(spread(found.front, what.objectives.front().which, what.front), what.front);
  return designs;
}

} // namespace

std::vector<run_options> runs_of(const study& what, const frame_source& frames) {
  return one_frame_each(job_networks_of(what, frames));
}

job_file plan_of(const study& what, const frame_source& frames) {
  job_file jobs;
  jobs.title = what.title;
  jobs.study = what.text;
  jobs.architecture = what.architecture;
  jobs.overrides = what.overrides;
  jobs.timings = what.timings;
  jobs.frames = what.frames;
  jobs.largest_accuracy_loss = what.largest_accuracy_loss;
  jobs.networks = job_networks_of(what, frames);
  for (const auto& o : what.objectives) {
    jobs.objectives.push_back(o.which);
    jobs.largest.push_back(o.largest);
  }

  const auto base = config::load_architecture(config::find_architecture(what.architecture), what.overrides);
  explore::formula_values values(what.space);
  std::vector<explore::formula> constraints;
  for (const auto& [text, where] : what.constraints) {
    constraints.emplace_back(text, where, values);
  }
  network_estimates estimates(one_frame_each(jobs.networks));
  explore::chip_figures figures;
  estimates(base, figures);
  if (!figures.fits) {
    throw core::user_error(what.architecture, "does not hold every network of the study",
                           "expected a base that does: larger buffers");
  }
  const auto size = explore::size_of(what.space.sizes());
  jobs.designs.push_back(
      {size, {}, explore::metrics_of(figures.networks, figures.area_mm2, figures.fully_active_w), false});

  const auto began = std::chrono::steady_clock::now();
  const auto found =
      explore::explore(what.space, base, constraints, values, what.objectives, what.search, what.best,
                       [&](const config::architecture& chip, explore::chip_figures& into) { estimates(chip, into); });
  if (found.best.empty()) {
    throw core::user_error(
        what.title, "no design is allowed: each breaks a constraint, contradicts itself or does not hold a network",
        "expected a space with at least one that does not");
  }
  jobs.evaluations = found.evaluations;
  jobs.search = sentence_of(what.search, found, size);
  jobs.search_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  auto chosen = chosen_designs(what, found);
  jobs.designs.insert(jobs.designs.end(), std::make_move_iterator(chosen.begin()),
                      std::make_move_iterator(chosen.end()));
  for (const auto& d : jobs.designs) { // everything that a file says is checked
    auto all = jobs.overrides;
    all.insert(all.end(), d.overrides.begin(), d.overrides.end());
    config::load_architecture(config::find_architecture(what.architecture), all);
  }
  return jobs;
}

run_options options_of(const job_file& jobs, std::size_t task) {
  const auto t = jobs.task_of(task);
  auto run = options_of(jobs.networks[t.network], jobs.frames);
  run.architecture = jobs.architecture;
  run.overrides = jobs.overrides;
  const auto& design = jobs.designs[t.design].overrides;
  run.overrides.insert(run.overrides.end(), design.begin(), design.end());
  run.timing = jobs.timings[t.timing];
  run.compare = 1;
  return run;
}

} // namespace sonic::command
