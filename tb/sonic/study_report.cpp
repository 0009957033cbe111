// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/study_report.h"

#include "tb/explore/exploration.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace sonic::command {

namespace {

using explore::task_result;

/// Results of one design under one timing, one for each network; empty if one is missing or was refused.
std::vector<task_result> of_design(const std::map<std::size_t, task_result>& results, const explore::job_file& jobs,
                                   std::size_t design, std::size_t timing) {
  std::vector<task_result> found;
  const auto networks = jobs.networks.size();
  const auto timings = jobs.timings.size();
  for (std::size_t n = 0; n < networks; ++n) {
    const auto r = results.find((design * networks + n) * timings + timing);
    if (r == results.end() || !r->second.refused.empty()) {
      return {};
    }
    found.push_back(r->second);
  }
  return found;
}

simulated_design simulated(const std::vector<task_result>& found) {
  std::vector<explore::network_figures> networks;
  networks.reserve(found.size());
  for (const auto& r : found) {
    networks.push_back({r.latency_ns, r.energy_pj, r.operand_bits, r.parameter_bits});
  }
  simulated_design s;
  s.values = explore::metrics_of(networks, found.front().area_mm2, found.front().fully_active_w);
  return s;
}

double accuracy(const task_result& r) {
  constexpr double percent = 100.0;
  return percent * static_cast<double>(r.correct) / static_cast<double>(r.classified);
}

/// Of the network that loses most, under the first timing.
std::optional<double> accuracy_loss(const std::vector<task_result>& base, const std::vector<task_result>& design) {
  std::optional<double> most;
  for (std::size_t n = 0; n < std::min(base.size(), design.size()); ++n) {
    if (base[n].classified > 0 && design[n].classified > 0) {
      const double loss = accuracy(base[n]) - accuracy(design[n]);
      most = most ? std::max(*most, loss) : loss;
    }
  }
  return most;
}

double gap(double estimated, double simulated) {
  return simulated > 0.0 ? std::abs(estimated / simulated - 1.0) : 0.0;
}

} // namespace

study_report report_of(const explore::job_file& jobs, const explore::result_store& results) {
  study_report r;
  r.jobs = jobs;
  std::map<std::size_t, task_result> by_task;
  for (auto& each : results.all()) {
    if (each.task < jobs.tasks()) {
      by_task.emplace(each.task, std::move(each));
    }
  }
  r.finished = by_task.size();
  r.executions = results.executions();
  const auto base = of_design(by_task, jobs, 0, 0);
  for (std::size_t d = 0; d < jobs.designs.size(); ++d) {
    design_line line;
    line.design = jobs.designs[d];
    for (std::size_t t = 0; t < jobs.timings.size(); ++t) {
      const auto found = of_design(by_task, jobs, d, t);
      auto& into = line.by_timing.emplace_back();
      if (!found.empty()) {
        into = simulated(found);
        const auto& e = line.design.estimated;
        using explore::metric;
        into->largest_time_gap = gap(value_of(e, metric::latency_ns), value_of(into->values, metric::latency_ns));
        into->largest_energy_gap = gap(value_of(e, metric::energy_pj), value_of(into->values, metric::energy_pj));
        if (t == 0) {
          line.accuracy_loss = accuracy_loss(base, found);
        }
      }
    }
    const auto per_design = jobs.networks.size() * jobs.timings.size();
    for (auto i = by_task.lower_bound(d * per_design); i != by_task.end() && i->first < (d + 1) * per_design; ++i) {
      line.refused = line.refused.empty() ? i->second.refused : line.refused;
      line.wrong = line.wrong.empty() ? i->second.wrong : line.wrong;
    }
    line.too_inaccurate =
        jobs.largest_accuracy_loss >= 0.0 && line.accuracy_loss.value_or(0.0) > jobs.largest_accuracy_loss;
    r.right = r.right && line.wrong.empty();
    r.lines.push_back(std::move(line));
  }
  std::vector<explore::objective> objectives;
  for (std::size_t i = 0; i < jobs.objectives.size(); ++i) {
    objectives.push_back({jobs.objectives[i], jobs.largest[i]});
  }
  const auto rank = [&](const design_line& l) {
    const bool good = l.by_timing.front().has_value() && !l.too_inaccurate;
    return std::tuple(!good, good ? worth_of(l.by_timing.front()->values, objectives) : 0.0, l.design.number);
  };
  std::sort(r.lines.begin() + 1, r.lines.end(),
            [&](const design_line& a, const design_line& b) { return rank(a) < rank(b); });
  return r;
}

} // namespace sonic::command
