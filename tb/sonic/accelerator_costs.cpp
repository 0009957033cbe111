// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/accelerator_costs.h"

#include "sonic/core/error.h"
#include "tb/report/accounting.h"

#include <algorithm>
#include <cmath>

namespace sonic::command {

namespace {

using report::accelerator_figures;

double real(std::uint64_t count) {
  return static_cast<double>(count);
}

std::uint64_t scaled(std::uint64_t count, double by) {
  return static_cast<std::uint64_t>(std::llround(real(count) * by));
}

void finish(accelerator_figures& f, double latency_ns, double parameter_bits) {
  f.frames_per_second = 1e9 / latency_ns;
  f.power_w = f.energy_pj / latency_ns / 1e3; // pJ / ns = mW
  f.frames_per_second_per_watt = 1e12 / f.energy_pj;
  f.epb_operand_pj = f.energy_pj / f.operand_bits;
  f.epb_parameter_pj = f.energy_pj / parameter_bits;
}

/// Products of one array by what is not zero: streamed and gated ones of the run that deletes zeros and of the dense
/// one.
baselines::product_counts counts_of(const core::activity::array& sparse, const core::activity::array& dense,
                                    bool weights_deleted, double frames) {
  baselines::product_counts counts;
  counts.all = real(dense.stream_lane_symbols) / frames;
  counts.both = real(sparse.stream_lane_symbols - sparse.gated_lane_symbols) / frames;
  const double not_deleted = real(sparse.stream_lane_symbols) / frames;
  const double not_gated = real(dense.stream_lane_symbols - dense.gated_lane_symbols) / frames;
  counts.weights = weights_deleted ? not_deleted : not_gated;
  counts.activations = weights_deleted ? not_gated : not_deleted;
  return counts;
}

} // namespace

accelerator_costs::accelerator_costs(const comparison_plan& plan, run_memory& runs)
    : plan_(plan), runs_(runs), sparse_{plan.accelerators[plan.reference].file, {"compression=both"}},
      dense_{plan.accelerators[plan.reference].file, {"compression=none"}} {}

accelerator_costs::variant accelerator_costs::variant_of(std::size_t accelerator, const choices& chosen) const {
  const auto& entry = plan_.accelerators[accelerator];
  variant found{{entry.file, {}}, {}};
  for (std::size_t a = 0; a < plan_.assumptions.size(); ++a) {
    const auto& choice = plan_.assumptions[a].choices[chosen[a]];
    if (const auto file = choice.files.find(entry.name); file != choice.files.end()) {
      found.chip.file = file->second;
    }
    if (const auto keys = choice.overrides.find(entry.name); keys != choice.overrides.end()) {
      found.chip.overrides.insert(found.chip.overrides.end(), keys->second.begin(), keys->second.end());
    }
    if (choice.activation_zeros) {
      found.activation_zeros = choice.activation_zeros;
    }
  }
  return found;
}

std::vector<std::size_t> accelerator_costs::assumptions_of(std::size_t accelerator) const {
  const auto& name = plan_.accelerators[accelerator].name;
  std::vector<std::size_t> found;
  for (std::size_t a = 0; a < plan_.assumptions.size(); ++a) {
    const auto& all = plan_.assumptions[a].choices;
    if (std::any_of(all.begin(), all.end(), [&](const assumption_choice& c) {
          return c.files.count(name) > 0 || c.overrides.count(name) > 0 || c.activation_zeros;
        })) {
      found.push_back(a);
    }
  }
  return found;
}

std::vector<accelerator_costs::variant> accelerator_costs::variants_of(std::size_t accelerator) const {
  const auto relevant = assumptions_of(accelerator);
  std::vector<variant> found;
  choices chosen(plan_.assumptions.size(), 0);
  while (true) {
    found.push_back(variant_of(accelerator, chosen));
    std::size_t i = relevant.size();
    while (i > 0 && ++chosen[relevant[i - 1]] == plan_.assumptions[relevant[i - 1]].choices.size()) {
      chosen[relevant[--i]] = 0;
    }
    if (i == 0) {
      return found;
    }
  }
}

void accelerator_costs::simulate(int jobs, bool all) {
  runs_.want(sparse_);
  runs_.want(dense_);
  for (std::size_t a = 0; a < plan_.accelerators.size(); ++a) {
    if (plan_.accelerators[a].electronic) {
      continue;
    }
    if (!all) {
      runs_.want(variant_of(a, choices(plan_.assumptions.size(), 0)).chip);
      continue;
    }
    for (const auto& each : variants_of(a)) {
      runs_.want(each.chip);
    }
  }
  runs_.simulate(jobs);
}

baselines::frame_work accelerator_costs::work_of(std::size_t network, std::optional<double> activation_zeros) const {
  const auto& sparse = runs_.run(sparse_, network);
  const auto& dense = runs_.run(dense_, network);
  const double frames = real(sparse.frames);
  baselines::frame_work work;
  work.convolutions = counts_of(sparse.done.conv, dense.done.conv, true, frames);
  work.fully_connected = counts_of(sparse.done.fc, dense.done.fc, false, frames);
  work.outputs = real(sparse.done.post_elements) / frames;
  work.parameter_bits = report::parameter_bits(sparse.parameters);
  if (activation_zeros) {
    for (auto* counts : {&work.convolutions, &work.fully_connected}) {
      counts->activations = counts->all * (1.0 - *activation_zeros);
      counts->both = counts->weights * (1.0 - *activation_zeros);
    }
  }
  return work;
}

accelerator_figures accelerator_costs::photonic_figures(const variant& which, std::size_t network) const {
  const auto& chip = runs_.architecture(which.chip);
  const auto& run = runs_.run(which.chip, network);
  auto done = run.done;
  if (which.activation_zeros) {
    done.conv.gated_lane_symbols = scaled(done.conv.stream_lane_symbols, *which.activation_zeros);
    if (chip.compression == config::compression_mode::both) {
      const auto measured = work_of(network, {}).fully_connected;
      const double by = measured.all > 0.0 && measured.activations > 0.0
                            ? (1.0 - *which.activation_zeros) * measured.all / measured.activations
                            : 1.0;
      for (auto count : {&core::activity::array::stream_lane_symbols, &core::activity::array::gated_lane_symbols,
                         &core::activity::array::held_lane_symbols, &core::activity::array::imprinted_rings,
                         &core::activity::array::symbols}) {
        done.fc.*count = scaled(done.fc.*count, by);
      }
    }
  }
  if (chip.gating == config::gating_mode::none) {
    done.conv.gated_lane_symbols = done.fc.gated_lane_symbols = 0;
  }
  const double frames = real(run.frames);
  auto energy = report::energy_of(report::energy_table(chip), done, run.elapsed_ns);
  accelerator_figures f;
  for (auto& line : energy.lines) {
    line.dynamic_pj /= frames;
    line.static_pj /= frames;
  }
  f.energy_pj = energy.total_pj();
  f.lines = std::move(energy.lines);
  f.operand_bits = report::operand_bits(chip, done) / frames;
  finish(f, run.elapsed_ns / frames, report::parameter_bits(run.parameters));
  return f;
}

const accelerator_costs::figures_of_networks& accelerator_costs::figures_of(std::size_t accelerator,
                                                                            const variant& which) {
  const auto found = known_.find({accelerator, which});
  if (found != known_.end()) {
    return found->second;
  }
  figures_of_networks figures;
  const bool electronic = plan_.accelerators[accelerator].electronic;
  const auto machine = electronic ? baselines::read_electronic(which.chip.file) : baselines::electronic_baseline();
  for (std::size_t network = 0; network < plan_.networks.size(); ++network) {
    if (!electronic) {
      figures.push_back(photonic_figures(which, network));
      continue;
    }
    const auto work = work_of(network, which.activation_zeros);
    const auto cost = baselines::cost_of(machine, work);
    accelerator_figures f;
    f.energy_pj = cost.energy_pj;
    f.operand_bits = cost.operand_bits;
    finish(f, cost.latency_ns, work.parameter_bits);
    figures.push_back(std::move(f));
  }
  for (std::size_t network = 0; network < figures.size(); ++network) {
    if (!(figures[network].energy_pj > 0.0)) {
      throw core::user_error("network " + plan_.networks[network].name,
                             "it has nothing that " + plan_.accelerators[accelerator].name + " computes",
                             "expected a network with convolutions, or an accelerator that computes its layers");
    }
  }
  return known_.emplace(std::pair{accelerator, which}, std::move(figures)).first->second;
}

} // namespace sonic::command
