// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/comparison.h"

#include "sonic/core/error.h"
#include "tb/report/accounting.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace sonic::command {

namespace {

using report::accelerator_figures;

constexpr double bits_per_parameter = 16.0;

double real(std::uint64_t count) {
  return static_cast<double>(count);
}

std::uint64_t scaled(std::uint64_t count, double by) {
  return static_cast<std::uint64_t>(std::llround(real(count) * by));
}

/// What the reference has more of per joule, or less per bit.
double ratio_of(const accelerator_figures& reference, const accelerator_figures& other, report::ratio_kind kind,
                report::bit_kind bits) {
  if (kind == report::ratio_kind::fps_per_watt) {
    return reference.frames_per_second_per_watt / other.frames_per_second_per_watt;
  }
  return bits == report::bit_kind::operand ? other.epb_operand_pj / reference.epb_operand_pj
                                           : other.epb_parameter_pj / reference.epb_parameter_pj;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Mean over the networks of one figure.
template <class member>
double mean_of(const std::vector<accelerator_figures>& figures, member which) {
  double sum = 0.0;
  for (const auto& f : figures) {
    sum += f.*which;
  }
  return sum / static_cast<double>(figures.size());
}

double average_ratio(const std::vector<accelerator_figures>& reference, const std::vector<accelerator_figures>& other,
                     report::ratio_kind kind, report::bit_kind bits, report::average_kind average) {
  if (average == report::average_kind::ratios) {
    std::vector<double> ratios;
    for (std::size_t n = 0; n < reference.size(); ++n) {
      ratios.push_back(ratio_of(reference[n], other[n], kind, bits));
    }
    return mean(ratios);
  }
  if (kind == report::ratio_kind::fps_per_watt) {
    const auto which = &accelerator_figures::frames_per_second_per_watt;
    return mean_of(reference, which) / mean_of(other, which);
  }
  const auto which =
      bits == report::bit_kind::operand ? &accelerator_figures::epb_operand_pj : &accelerator_figures::epb_parameter_pj;
  return mean_of(other, which) / mean_of(reference, which);
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

comparison::comparison(const comparison_plan& plan, run_memory& runs)
    : plan_(plan), runs_(runs), sparse_{plan.accelerators[plan.reference].file, {"compression=both"}},
      dense_{plan.accelerators[plan.reference].file, {"compression=none"}} {}

comparison::variant comparison::variant_of(std::size_t accelerator, const choices& chosen) const {
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

std::vector<std::size_t> comparison::assumptions_of(std::size_t accelerator) const {
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

std::vector<comparison::variant> comparison::variants_of(std::size_t accelerator) const {
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

void comparison::simulate(int jobs, bool all) {
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

baselines::frame_work comparison::work_of(std::size_t network, std::optional<double> activation_zeros) const {
  const auto& sparse = runs_.run(sparse_, network);
  const auto& dense = runs_.run(dense_, network);
  const double frames = real(sparse.frames);
  baselines::frame_work work;
  work.convolutions = counts_of(sparse.done.conv, dense.done.conv, true, frames);
  work.fully_connected = counts_of(sparse.done.fc, dense.done.fc, false, frames);
  work.outputs = real(sparse.done.post_elements) / frames;
  work.parameter_bits = static_cast<double>(sparse.parameters) * bits_per_parameter;
  if (activation_zeros) {
    for (auto* counts : {&work.convolutions, &work.fully_connected}) {
      counts->activations = counts->all * (1.0 - *activation_zeros);
      counts->both = counts->weights * (1.0 - *activation_zeros);
    }
  }
  return work;
}

accelerator_figures comparison::photonic_figures(const variant& which, std::size_t network) const {
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
  finish(f, run.elapsed_ns / frames, static_cast<double>(run.parameters) * bits_per_parameter);
  return f;
}

const comparison::figures_of_networks& comparison::figures_of(std::size_t accelerator, const variant& which) {
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

report::bit_kind comparison::bits_of(const choices& chosen) const {
  auto found = report::bit_kind::operand;
  for (std::size_t a = 0; a < chosen.size(); ++a) {
    found = plan_.assumptions[a].choices[chosen[a]].bits.value_or(found);
  }
  return found;
}

report::average_kind comparison::average_of(const choices& chosen) const {
  auto found = report::average_kind::ratios;
  for (std::size_t a = 0; a < chosen.size(); ++a) {
    found = plan_.assumptions[a].choices[chosen[a]].average.value_or(found);
  }
  return found;
}

std::vector<double> comparison::published_values() const {
  std::vector<double> values;
  for (const auto& p : plan_.published) {
    values.push_back(p.value.value);
  }
  return values;
}

std::vector<double> comparison::ratios_of(const choices& chosen) {
  const auto& reference = figures_of(plan_.reference, variant_of(plan_.reference, chosen));
  std::vector<double> ratios;
  for (const auto& p : plan_.published) {
    const auto& other = figures_of(p.accelerator, variant_of(p.accelerator, chosen));
    ratios.push_back(average_ratio(reference, other, p.kind, bits_of(chosen), average_of(chosen)));
  }
  return ratios;
}

void comparison::fill_networks(report::comparison_report& r) const {
  for (std::size_t n = 0; n < plan_.networks.size(); ++n) {
    const auto work = work_of(n, {});
    const auto& run = runs_.run(sparse_, n);
    report::compared_network line;
    line.name = plan_.networks[n].name;
    line.model = plan_.networks[n].model;
    line.images = runs_.images_of(n);
    line.synthetic = line.images == synthetic_frames;
    line.frames = run.frames;
    line.parameters = run.parameters;
    line.products = work.convolutions.all + work.fully_connected.all;
    line.weight_zeros = 1.0 - (work.convolutions.weights + work.fully_connected.weights) / line.products;
    line.activation_zeros = 1.0 - (work.convolutions.activations + work.fully_connected.activations) / line.products;
    r.networks.push_back(std::move(line));
  }
}

void comparison::fill_ratios(report::comparison_report& r) const {
  const auto& reference = r.accelerators[plan_.reference].figures;
  const choices first(plan_.assumptions.size(), 0);
  const auto bits = bits_of(first);
  std::vector<double> ratios;
  for (std::size_t a = 0; a < plan_.accelerators.size(); ++a) {
    if (a == plan_.reference) {
      continue;
    }
    const auto& other = r.accelerators[a].figures;
    for (const auto kind : {report::ratio_kind::fps_per_watt, report::ratio_kind::energy_per_bit}) {
      report::ratio_line line;
      line.accelerator = plan_.accelerators[a].name;
      line.kind = kind;
      line.calibrated = r.accelerators[a].calibrated;
      for (std::size_t n = 0; n < reference.size(); ++n) {
        line.by_network.push_back(ratio_of(reference[n], other[n], kind, bits));
      }
      line.mean_of_ratios = average_ratio(reference, other, kind, bits, report::average_kind::ratios);
      line.ratio_of_means = average_ratio(reference, other, kind, bits, report::average_kind::means);
      const auto published = std::find_if(plan_.published.begin(), plan_.published.end(),
                                          [&](const auto& p) { return p.accelerator == a && p.kind == kind; });
      if (published != plan_.published.end()) {
        line.published = published->value.value;
        line.source = published->value.from.source;
        line.hangs_on = published->hangs_on;
      }
      r.ratios.push_back(std::move(line));
    }
  }
}

void comparison::fill_absolutes(report::comparison_report& r) const {
  constexpr double operations_per_product = 2.0, per_giga = 1e-9;
  const auto bits = bits_of(choices(plan_.assumptions.size(), 0));
  const auto mean_in = [&](std::size_t accelerator, report::absolute_measure measure) {
    std::vector<double> values;
    for (std::size_t n = 0; n < plan_.networks.size(); ++n) {
      const auto& f = r.accelerators[accelerator].figures[n];
      switch (measure) {
      case report::absolute_measure::fps_per_watt:
        values.push_back(f.frames_per_second_per_watt);
        break;
      case report::absolute_measure::gop_per_s_per_watt:
        values.push_back(f.frames_per_second_per_watt * operations_per_product * r.networks[n].products * per_giga);
        break;
      case report::absolute_measure::pj_per_bit:
        values.push_back(bits == report::bit_kind::operand ? f.epb_operand_pj : f.epb_parameter_pj);
        break;
      }
    }
    return mean(values);
  };
  for (const auto& figure : plan_.absolute) {
    report::absolute_line line;
    line.name = figure.name;
    line.accelerator = plan_.accelerators[figure.accelerator].name;
    line.source = figure.value.from.source;
    line.source_kind = std::string(config::to_string(figure.value.from.kind));
    line.about = figure.about;
    line.measure = figure.measure;
    line.value = figure.value.value;
    line.ours = mean_in(figure.accelerator, figure.measure);
    line.reference = mean_in(plan_.reference, figure.measure);
    r.absolutes.push_back(std::move(line));
  }
}

report::comparison_report comparison::by_default() {
  const choices first(plan_.assumptions.size(), 0);
  report::comparison_report r;
  r.name = plan_.name;
  r.reference = plan_.accelerators[plan_.reference].name;
  fill_networks(r);
  for (std::size_t a = 0; a < plan_.accelerators.size(); ++a) {
    const auto& entry = plan_.accelerators[a];
    const auto which = variant_of(a, first);
    report::compared_accelerator line;
    line.name = entry.name;
    line.file = which.chip.file.string();
    line.electronic = entry.electronic;
    line.calibrated = entry.electronic && baselines::read_electronic(which.chip.file).calibrated;
    line.figures = figures_of(a, which);
    r.accelerators.push_back(std::move(line));
  }
  fill_ratios(r);
  fill_absolutes(r);
  r.distance = report::log_distance(ratios_of(first), published_values());
  r.simulations = runs_.runs().size();
  r.passed = true;
  for (const auto& [where, run] : runs_.runs()) {
    if (!run.passed && r.passed) {
      r.passed = false;
      r.failure = plan_.networks[where.first].name + ": " + run.failure;
    }
  }
  return r;
}

report::sensitivity_report comparison::sensitivity(std::size_t most) {
  constexpr std::uint64_t most_combinations = 5'000'000;
  const auto published = published_values();
  const std::size_t count = plan_.assumptions.size();
  report::sensitivity_report s;
  choices chosen(count, 0);
  for (std::size_t a = 0; a < count; ++a) {
    report::assumption_line line{plan_.assumptions[a].name, plan_.assumptions[a].about, {}};
    for (chosen[a] = 0; chosen[a] < plan_.assumptions[a].choices.size(); ++chosen[a]) {
      const auto& choice = plan_.assumptions[a].choices[chosen[a]];
      const auto ratios = ratios_of(chosen);
      line.choices.push_back({choice.name, choice.about, ratios, report::log_distance(ratios, published)});
    }
    chosen[a] = 0;
    s.assumptions.push_back(std::move(line));
  }
  s.combinations = 1;
  for (const auto& a : plan_.assumptions) {
    s.combinations *= a.choices.size();
    if (s.combinations > most_combinations) {
      throw core::user_error("assumptions", "their choices have too many combinations",
                             "expected at most " + std::to_string(most_combinations));
    }
  }
  // Each accelerator's figures by the choices that it depends on.
  struct table {
    std::vector<std::size_t> relevant;
    std::vector<const figures_of_networks*> figures;
  };
  std::vector<table> tables(plan_.accelerators.size());
  for (std::size_t a = 0; a < tables.size(); ++a) {
    tables[a].relevant = assumptions_of(a);
    for (const auto& each : variants_of(a)) {
      tables[a].figures.push_back(&figures_of(a, each));
    }
  }
  const auto figures_under = [&](std::size_t accelerator) -> const figures_of_networks& {
    std::size_t index = 0;
    for (const auto a : tables[accelerator].relevant) {
      index = index * plan_.assumptions[a].choices.size() + chosen[a];
    }
    return *tables[accelerator].figures[index];
  };
  for (std::uint64_t i = 0; i < s.combinations; ++i) {
    const auto bits = bits_of(chosen);
    const auto average = average_of(chosen);
    const auto& reference = figures_under(plan_.reference);
    std::vector<double> ratios;
    for (const auto& p : plan_.published) {
      ratios.push_back(average_ratio(reference, figures_under(p.accelerator), p.kind, bits, average));
    }
    const double distance = report::log_distance(ratios, published);
    if (s.closest.size() < most || distance < s.closest.back().distance) {
      report::combination_line line{{}, std::move(ratios), distance};
      for (std::size_t a = 0; a < count; ++a) {
        line.choices.push_back(plan_.assumptions[a].choices[chosen[a]].name);
      }
      const auto place = std::upper_bound(s.closest.begin(), s.closest.end(), distance,
                                          [](double d, const auto& each) { return d < each.distance; });
      s.closest.insert(place, std::move(line));
      s.closest.resize(std::min(s.closest.size(), most));
    }
    for (std::size_t a = count; a > 0; --a) {
      if (++chosen[a - 1] < plan_.assumptions[a - 1].choices.size()) {
        break;
      }
      chosen[a - 1] = 0;
    }
  }
  return s;
}

} // namespace sonic::command
